import type { Page } from '@playwright/test';
import { expect, expectAccessibleInBoth, publish, signIn, startRun, test } from './support/console-test.js';
import { BLOCKED } from './support/profiles.js';

type Visit = readonly [path: string, ready: string];

async function expectAllAccessible(page: Page, console: string, visits: readonly Visit[]): Promise<void> {
  for (const [path, ready] of visits) {
    await test.step(path, async () => {
      await page.goto(console + path);
      await expect(page.getByText(ready).first()).toBeVisible();
      await expectAccessibleInBoth(page);
    });
  }
}

test.describe('axe finds nothing, in the light and in the dark', () => {
  test('at the sign-in, in the list of runs and on a run', async ({ page, server, api }) => {
    await publish(api, 'blocked_check', BLOCKED);
    const id = await startRun(api, 'blocked_check', 'axe');
    await page.goto(`${server.console}login`);
    await expectAccessibleInBoth(page);
    await signIn(page, server);
    await expect(page.getByRole('row', { name: /axe.*a retry or a waiver/ })).toBeVisible({
      timeout: 60_000,
    });
    await expectAccessibleInBoth(page);
    await expectAllAccessible(page, server.console, [
      [`runs/${id}/phases`, 'tests_pass'],
      [`runs/${id}/phases?view=timeline`, 'no step worked'],
      [`runs/${id}/artifacts`, 'No artifacts yet'],
    ]);
  });

  test('on the other tabs of a run, and beside another run', async ({ page, server, api }) => {
    await publish(api, 'blocked_check', BLOCKED);
    const id = await startRun(api, 'blocked_check', 'axe');
    const other = await startRun(api, 'blocked_check', 'beside');
    await signIn(page, server);
    await expectAllAccessible(page, server.console, [
      [`runs/${id}/metrics`, 'Time by phase'],
      [`runs/${id}/activity`, 'Run created'],
      [`runs/compare?a=${id}&b=${other}`, 'Phases and verdicts'],
      [`runs/compare?a=${id}`, 'With which run?'],
    ]);
  });

  test('where a run is made, and on approvals and profiles', async ({ page, server, api }) => {
    await publish(api, 'blocked_check', BLOCKED);
    await signIn(page, server);
    await expectAllAccessible(page, server.console, [
      ['runs/new?profile=self_hardening', 'Repository'],
      ['approvals', 'Approvals'],
      ['profiles', 'Blocked check'],
      ['profiles/blocked_check', 'tests_pass'],
    ]);
  });

  test('on costs, workers, templates and schedules', async ({ page, server }) => {
    await signIn(page, server);
    await expectAllAccessible(page, server.console, [
      ['costs', 'No shared budgets'],
      ['workers', 'Workers'],
      ['templates', 'Templates'],
      ['schedules', 'Schedules'],
      ['schedules/new', 'New schedule'],
    ]);
  });

  test('in the settings', async ({ page, server }) => {
    await signIn(page, server);
    await expectAllAccessible(page, server.console, [
      ['settings/account', 'Change the password'],
      ['settings/api-keys', 'New key'],
      ['settings/users', 'New user'],
      ['settings/providers', 'Model providers'],
      ['settings/secrets', 'New secret'],
      ['settings/webhooks', 'New webhook'],
      ['settings/retention', 'What is kept how long'],
      ['settings/audit', 'POST /auth/login'],
    ]);
  });
});
