import { expect, expectAccessibleInBoth, publish, signIn, startRun, test } from './support/console-test.js';
import { BLOCKED } from './support/profiles.js';

test('every main page passes axe, light and dark', async ({ page, server, api }) => {
  test.setTimeout(240_000);
  await publish(api, 'blocked_check', BLOCKED);
  const id = await startRun(api, 'blocked_check', 'axe');
  const other = await startRun(api, 'blocked_check', 'beside');
  await page.goto(`${server.console}login`);
  await expectAccessibleInBoth(page);
  await signIn(page, server);
  await expect(page.getByRole('row', { name: /axe.*a retry or a waiver/ })).toBeVisible({
    timeout: 60_000,
  });
  await expectAccessibleInBoth(page);

  const pages: readonly (readonly [path: string, ready: string])[] = [
    ['runs/new?profile=self_hardening', 'Repository'],
    [`runs/${id}/phases`, 'tests_pass'],
    [`runs/${id}/phases?view=timeline`, 'no step worked'],
    [`runs/${id}/artifacts`, 'No artifacts yet'],
    [`runs/${id}/metrics`, 'Working time by phase'],
    [`runs/${id}/activity`, 'Run created'],
    [`runs/compare?a=${id}&b=${other}`, 'Phases and verdicts'],
    [`runs/compare?a=${id}`, 'With which run?'],
    ['approvals', 'Approvals'],
    ['profiles', 'Blocked check'],
    ['profiles/blocked_check', 'tests_pass'],
    ['settings/account', 'Change the password'],
    ['settings/api-keys', 'New key'],
    ['settings/users', 'New user'],
    ['settings/secrets', 'New secret'],
    ['settings/webhooks', 'New webhook'],
    ['settings/retention', 'What is kept how long'],
    ['settings/audit', 'POST /auth/login'],
  ];
  for (const [path, ready] of pages) {
    await test.step(path, async () => {
      await page.goto(server.console + path);
      await expect(page.getByText(ready).first()).toBeVisible();
      await expectAccessibleInBoth(page);
    });
  }
});
