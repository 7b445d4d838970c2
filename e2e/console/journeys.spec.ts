import { expect, expectAccessibleInBoth, publish, signIn, startRun, test } from './support/console-test.js';
import { BLOCKED, QUICK } from './support/profiles.js';

const LONG_MS = 150_000;

test.describe.configure({ timeout: 400_000 });

test('somebody sees when everything happened, and compares the run with another', async ({
  page,
  server,
  api,
}) => {
  await publish(api, 'quick_check', QUICK);
  const first = await startRun(api, 'quick_check', 'before');
  await startRun(api, 'quick_check', 'after');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${first}`);
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: LONG_MS });
  await page.getByRole('button', { name: 'Timeline' }).click();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const compile = timeline.getByRole('button', { name: /compile/ });
  // The tooltip follows the keyboard, as it follows the pointer.
  await timeline.getByRole('button', { name: /Build/ }).focus();
  await page.keyboard.press('Tab');
  await expect(page.locator('.mat-mdc-tooltip')).toContainText('worked');
  await expectAccessibleInBoth(page);
  await compile.press('Enter');
  await expect(page.getByRole('log')).toContainText('compiled module 50');

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('row', { name: /after.*Completed|Completed.*after/ })).toBeVisible({
    timeout: LONG_MS,
  });
  await page.getByLabel('Choose before').check();
  await page.getByLabel('Choose after').check();
  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('region', { name: 'Phases and verdicts' })).toContainText('report_present');
  await expect(page.getByRole('region', { name: 'Artifacts' })).toContainText('the same');
  await expectAccessibleInBoth(page);
});

test('somebody keeps what runs are given as a template, and has one made by the clock', async ({
  page,
  server,
  api,
}) => {
  await publish(api, 'quick_check', QUICK);
  await signIn(page, server);
  await page.goto(`${server.console}runs/new?profile=quick_check`);
  await page.getByRole('textbox', { name: 'Intake' }).fill('Check it every night.');
  await page.getByRole('button', { name: 'Save as a template' }).click();
  await page.getByLabel('Name', { exact: true }).fill('nightly_check');
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Make the template' }).click();
  await expect(page.getByRole('row', { name: /nightly_check/ })).toContainText('intake');
  await expectAccessibleInBoth(page);
  await page.getByRole('link', { name: 'Start a run' }).click();
  await expect(page.getByRole('textbox', { name: 'Intake' })).toHaveValue('Check it every night.');
  await page.getByRole('button', { name: 'Run on a schedule' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Nightly check');
  await page.getByRole('button', { name: 'Every night' }).click();
  await expect(page.getByRole('status').getByText('Next times')).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Make the schedule' }).click();
  await expect(page.getByText('None of its times has come yet.')).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: LONG_MS });
  await page.getByRole('link', { name: 'Schedules' }).click();
  await page.getByRole('button', { name: 'Pause Nightly check' }).click();
  await expect(page.getByRole('row', { name: /Nightly check/ })).toContainText('Paused');
  await page.getByRole('link', { name: 'Workers' }).click();
  await expect(page.getByRole('row', { name: /a process of this server/ })).toBeVisible();
  await expectAccessibleInBoth(page);
});

test('somebody finds a run by the palette, judges it beside what it made, and sends it back', async ({
  page,
  server,
  api,
}) => {
  const unblocked = BLOCKED.replace('"value":0.5', '"value":1').replaceAll('blocked_check', 'judged_check');
  await publish(api, 'judged_check', unblocked);
  await startRun(api, 'judged_check', 'needle-in-a-stack');
  await signIn(page, server);
  await expect(page.getByRole('row', { name: /needle.*an approval/ })).toBeVisible({ timeout: LONG_MS });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Go to a run/ }).fill('needle');
  await expect(page.getByRole('option', { name: /needle-in-a-stack/ })).toBeVisible();
  await expectAccessibleInBoth(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Decision' })).toContainText('tests_pass');
  await expectAccessibleInBoth(page);
  await page.getByLabel('Comment', { exact: true }).fill('Say what changed.');
  await page.getByRole('button', { name: 'Send back with the comment' }).click();
  await expect(
    page.getByText('It was asked for with: Say what changed.').or(page.getByText('attempt 2')).first(),
  ).toBeVisible({
    timeout: LONG_MS,
  });
});

test('somebody changes a profile, is told what is wrong where, and publishes it', async ({
  page,
  server,
  api,
}) => {
  await publish(api, 'quick_check', QUICK);
  await signIn(page, server);
  await page.goto(`${server.console}profiles/quick_check`);
  await expect(page.getByRole('img', { name: /Build: compile/ })).toBeVisible();
  await page.getByRole('link', { name: 'Change', exact: true }).click();
  const text = page.getByLabel('Definition of the profile, YAML');
  await text.press('Control+End');
  await page.keyboard.type('prior');
  await expect(page.getByRole('option', { name: /priority/ })).toBeVisible();
  await expectAccessibleInBoth(page);
  await text.fill(`${QUICK}  - nonsense: 1\n`);
  await expect(page.getByText(/wrong:/)).toBeVisible();
  await expectAccessibleInBoth(page);
  await expect(page.getByRole('button', { name: 'Publish' })).toBeDisabled();
  await text.fill(QUICK.replace('title: Quick check', 'title: Quicker check'));
  await expect(page.getByText('The definition is valid.')).toBeVisible();
  await page.getByRole('button', { name: 'Review and publish' }).click();
  await expect(page.getByText('title: Quicker check')).toBeVisible();
  await page.getByRole('button', { name: 'Publish version 2' }).click();
  await expect(page.getByRole('heading', { name: 'Quicker check' })).toBeVisible();
  await page.getByLabel(/Compare version/).selectOption({ index: 1 });
  await expect(page.getByRole('region', { name: 'Changes' })).toContainText('Quicker check');
  await expectAccessibleInBoth(page);
});
