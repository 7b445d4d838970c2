import { expect, expectAccessibleInBoth, test } from './support/console-test.js';
import { TestServer } from './support/server.js';

let server: TestServer | undefined;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(async () => {
  await server?.stop();
});

test('a new server is set up with the token from its terminal', async ({ page }) => {
  if (server === undefined) throw new Error('There is no server');
  await page.goto(server.console);
  await expect(page.getByRole('heading', { name: 'Create the first administrator' })).toBeVisible();
  await expectAccessibleInBoth(page);
  const token = /\b[A-Za-z0-9_-]{20,}\b(?=\s*$)/m.exec(server.output.split('ready').at(-1) ?? '')?.[0] ?? '';
  await page.getByLabel('One-time token').fill('not-the-token-of-this-server');
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await expect(page.getByRole('alert').first()).toContainText('token');
  await page.getByLabel('One-time token').fill(token);
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  await expectAccessibleInBoth(page);

  await page.reload();
  await expect(page.getByText('Ada Lovelace')).toBeVisible();
  await page.goto(`${server.console}setup`);
  await expect(page.getByRole('heading', { name: 'Create the first administrator' })).toHaveCount(0);
});
