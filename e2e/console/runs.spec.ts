import { expect, expectAccessibleInBoth, publish, signIn, startRun, test } from './support/console-test.js';
import { BLOCKED, BY_HAND, QUICK } from './support/profiles.js';

test('somebody creates a run that advances by itself, watches it complete and opens what it made', async ({
  page,
  server,
  api,
}) => {
  await publish(api, 'quick_check', QUICK);
  await signIn(page, server);
  await page.getByRole('link', { name: 'New run' }).click();
  await page.getByRole('radio', { name: /Quick check/ }).check();
  await page.getByLabel('Project name').fill('journey');
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Start the run' }).click();

  await expect(page.getByRole('heading', { name: 'journey' })).toBeVisible();
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: /^Completed Build/ }).click();
  await expect(page.getByRole('log')).toContainText('compiled module 50');

  await expectAccessibleInBoth(page);

  await page.getByRole('tab', { name: 'Artifacts' }).click();
  await page.getByRole('button', { name: /build_report\.md/ }).click();
  await expect(page.getByRole('heading', { name: 'Build report' })).toBeVisible();
  await expectAccessibleInBoth(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'All, as zip' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);

  await page.getByRole('tab', { name: 'Metrics' }).click();
  await expect(page.getByRole('region', { name: 'Time by phase' }).locator('canvas')).toBeVisible();
  await expect(page.getByText('No model was called')).toBeVisible();
  await page.getByRole('tab', { name: 'Activity' }).click();
  await expect(page.getByText('Run created').first()).toBeVisible();

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('searchbox').fill('journey');
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/q=journey/);
  await expect(page.getByRole('row', { name: /journey/ })).toContainText('Completed');
});

test('somebody finds out why a gate blocked, waives it with a reason, and approves', async ({
  page,
  server,
  api,
}) => {
  await publish(api, 'blocked_check', BLOCKED);
  const id = await startRun(api, 'blocked_check', 'blocked');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  const gate = page.getByRole('row', { name: /tests_pass/ });
  await expect(gate).toContainText('Blocked', { timeout: 60_000 });
  await expect(gate).toContainText('0.5');
  await expect(gate).toContainText('Fix the failing tests.');
  await expect(page.getByRole('row', { name: /coverage/ })).toContainText('not measured');
  await expectAccessibleInBoth(page);

  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await expect(page.getByText('attempt 2').first()).toBeVisible({ timeout: 60_000 });
  await expect(gate).toContainText('Blocked', { timeout: 60_000 });
  await page.getByRole('button', { name: 'Waive and go on' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Waive and go on' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('Known flake, tracked in OPS-2.');
  await expectAccessibleInBoth(page);
  await dialog.getByRole('button', { name: 'Waive and go on' }).click();

  await expect(page.getByText('Review waits for an approval.')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('link', { name: 'Approvals' }).click();
  await page
    .getByRole('row', { name: /blocked_check/ })
    .getByRole('link', { name: 'Review' })
    .click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('1 gate waived')).toBeVisible();
  await page.getByRole('button', { name: /Test/ }).first().click();
  await expect(page.getByText(/Waived by .* Known flake/)).toBeVisible();
  await expectAccessibleInBoth(page);
});

test('somebody does by hand what no agent has taken', async ({ page, server, api }) => {
  await publish(api, 'by_hand', BY_HAND);
  const id = await startRun(api, 'by_hand', 'by-hand');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  await page.getByLabel('Or write a document (Markdown)').fill('# Plan\n\nShip it.');
  await page.reload();
  await expect(page.getByLabel('Or write a document (Markdown)')).toHaveValue(/Ship it/);
  await expect(page.getByLabel('File name of the document')).toHaveValue('PRD.md');
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Complete the step' }).click();
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Artifacts' }).click();
  await expect(page.getByText('Ship it.')).toBeVisible();
});

test('somebody shares a run and discusses it, cancels several, and finds them in the audit list', async ({
  page,
  browser,
  server,
  api,
}) => {
  const grace = {
    email: 'grace@example.org',
    name: 'grace',
    role: 'member',
    password: 'correct horse battery',
  };
  expect((await api.post('/users', { data: grace })).status()).toBe(201);
  await publish(api, 'by_hand', BY_HAND);
  const id = await startRun(api, 'by_hand', 'discussed');
  await startRun(api, 'by_hand', 'undiscussed');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}/activity`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('With whom').fill('grace@example.org');
  await dialog.getByRole('button', { name: 'Share' }).click();
  await expect(dialog.getByRole('list', { name: 'Shared with' })).toContainText('grace@example.org');
  await expectAccessibleInBoth(page);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${server.console}login`);
  await other.getByLabel('E-mail').fill(grace.email);
  await other.getByLabel('Password').fill(grace.password);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
  await other.goto(`${server.console}runs?shared=true`);
  await other.getByRole('link', { name: 'discussed', exact: true }).click();
  await other.getByRole('tab', { name: 'Activity' }).click();
  await other
    .getByLabel('Say something about this run')
    .fill('Is it **ready**? <img src=x onerror=alert(1)>');
  await other.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Comments' }).getByText('ready')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Comments' }).locator('img')).toHaveCount(0);
  await expectAccessibleInBoth(page);
  await context.close();

  await page.goto(`${server.console}runs?q=discussed`);
  await page.getByLabel('Choose all runs of the page').check();
  await page.getByRole('toolbar', { name: 'Chosen runs' }).getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel 2 runs' }).click();
  await expect(page.getByText('2 of 2 cancelled.')).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.goto(`${server.console}settings/audit`);
  await expect(page.getByRole('row', { name: /grace.*comments/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Verify the list' }).click();
  await expect(page.getByText(/entries are as they were written/)).toBeVisible();
});
