import { seedRuns } from '../load/seed-runs.js';
import {
  ADMIN,
  expect,
  expectAccessibleInBoth,
  publish,
  signedIn,
  signIn,
  test,
} from './support/console-test.js';
import { BY_HAND } from './support/profiles.js';
import { TestServer } from './support/server.js';

const RUNS = 100_000;

test.describe.configure({ timeout: 300_000 });

const NAME = 'needle-in-a-haystack';

let server: TestServer;
test.beforeAll(async ({ playwright }) => {
  test.setTimeout(240_000);
  server = await TestServer.start({ admin: ADMIN });
  const api = await signedIn(playwright, server);
  await publish(api, 'by_hand', BY_HAND);
  const answer = await api.post('/runs', {
    data: { profile: 'by_hand', project_name: NAME, intake: 'Look for zirconium.' },
  });
  const { run_id: id } = (await answer.json()) as { run_id: string };
  await api.dispose();
  await server.withDatabase((client) => seedRuns(client, RUNS));
  // On the third page of the list.
  await server.query(
    `UPDATE runs SET created_at = (SELECT created_at FROM runs WHERE archived_at IS NULL
       ORDER BY created_at DESC OFFSET 140 LIMIT 1) WHERE id = $1`,
    [id],
  );
});
test.afterAll(async () => {
  await server.stop();
});

test('somebody finds a run among a hundred thousand', async ({ page }) => {
  const rows = page.locator('tbody tr');
  await signIn(page, server);
  await expect(page.getByText('1–50 of 10,000+')).toBeVisible();

  await test.step('by its state', async () => {
    await page.getByRole('button', { name: /Failed/ }).click();
    await expect(page).toHaveURL(/status=failed/);
    await expect(rows.filter({ hasNotText: 'Failed' })).toHaveCount(0);
  });
  await test.step('by a word of its intake, kept as a view', async () => {
    await page.getByRole('searchbox').fill('zirconium');
    await page.getByRole('searchbox').press('Enter');
    await page.getByRole('button', { name: /Failed/ }).click();
    await expect(page.getByText(/1–(\d+) of \1$/)).toBeVisible();
    await expect(rows.filter({ hasText: NAME })).toHaveCount(1);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: /Save this view/ }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Zirconium');
    await page.getByRole('button', { name: 'Save the view' }).click();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect(page.getByText('1–50 of 10,000+')).toBeVisible();
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Zirconium' }).click();
    await expect(page).toHaveURL(/q=zirconium/);
    await expect(page.getByRole('button', { name: 'Zirconium' })).toBeVisible();
    await expectAccessibleInBoth(page);
  });
  await test.step('by its name, without leaving the keyboard', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Go to a run/ }).fill(NAME);
    await expect(page.getByRole('option', { name: new RegExp(NAME) })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: NAME })).toBeVisible();
  });
  await test.step('by turning pages, and going on where it was', async () => {
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('button', { name: 'Next page' }).click();
    await expect(page.getByText('51–100 of 10,000+')).toBeVisible();
    await page.getByRole('button', { name: 'Next page' }).click();
    await expect(page.getByText('101–150 of 10,000+')).toBeVisible();
    const link = page.getByRole('link', { name: NAME });
    await link.scrollIntoViewIfNeeded();
    const main = page.getByRole('main');
    const before = await main.evaluate((element) => element.scrollTop);
    expect(before).toBeGreaterThan(0);
    await link.click();
    await expect(page.getByRole('heading', { name: NAME })).toBeVisible();
    await page.goBack();
    await expect(page.getByText('101–150 of 10,000+')).toBeVisible();
    await expect(link).toBeVisible();
    await expect(link).toBeInViewport();
  });
});
