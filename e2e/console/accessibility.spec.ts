import { expect, expectAccessible, publish, signIn, startRun, test } from './support/console-test.js';
import { BLOCKED } from './support/profiles.js';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every main page passes axe, ${colorScheme}`, async ({ browser, server, api }) => {
    await publish(api, 'blocked_check', BLOCKED);
    const id = await startRun(api, 'blocked_check', `axe-${colorScheme}`);
    const other = await startRun(api, 'blocked_check', `beside-${colorScheme}`);
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${server.console}login`);
    await expectAccessible(page);
    await signIn(page, server);
    await expect(
      page.getByRole('row', { name: new RegExp(`axe-${colorScheme}.*a retry or a waiver`) }),
    ).toBeVisible({
      timeout: 60_000,
    });
    await expectAccessible(page);

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
        await expectAccessible(page);
      });
    }
    await context.close();
  });
}
