import { expect, publish, signIn, startRun, test } from './support/console-test.js';
import { BY_HAND, QUICK } from './support/profiles.js';

test.describe.configure({ timeout: 240_000 });

/** What the page asks the API for, as paths; the live stream is not among them. */
const apiPath = (url: string): string | null => {
  const { pathname } = new URL(url);
  return pathname.startsWith('/orchestrator/') || pathname === '/events' ? null : pathname;
};

test('a tab is read with two requests, and a burst of events with few', async ({ page, server, api }) => {
  await publish(api, 'quick_check', QUICK);
  await publish(api, 'by_hand', BY_HAND);
  const quick = await startRun(api, 'quick_check', 'tabs');
  const waiting = await startRun(api, 'by_hand', 'burst');
  const asked: string[] = [];
  page.on('request', (request) => {
    const path = apiPath(request.url());
    if (path !== null) asked.push(path);
  });
  await signIn(page, server);
  await page.goto(`${server.console}runs/${quick}`);
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: 60_000 });
  for (const [tab, shown] of [
    ['Artifacts', 'Release notes'],
    ['Metrics', 'Time by phase'],
    ['Activity', 'Run created'],
    ['Phases', 'Succeeded'],
  ] as const) {
    await page.waitForLoadState('networkidle');
    asked.length = 0;
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByText(shown).first()).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(asked.length, `${tab}: ${asked.join(', ')}`).toBeLessThanOrEqual(2);
  }

  await page.goto(`${server.console}runs/${waiting}`);
  await expect(page.getByLabel('Or write a document (Markdown)')).toBeVisible();
  asked.length = 0;
  const began = Date.now();
  for (let turn = 0; turn < 100; turn += 1) {
    for (const action of ['pause', 'resume']) {
      expect((await api.post(`/runs/${waiting}/${action}`)).ok()).toBe(true);
    }
  }
  await page.getByRole('tab', { name: 'Activity' }).click();
  await expect(page.getByText(/20\d events/)).toBeVisible();
  // The run and what its page shows of it, once a second at most.
  const seconds = (Date.now() - began) / 1000;
  expect(asked.length, asked.slice(0, 20).join(', ')).toBeLessThanOrEqual(2 * (seconds + 4));
});

test('a comment that is being written outlives a request that fails, and a reload', async ({
  page,
  server,
  api,
}) => {
  await publish(api, 'by_hand', BY_HAND);
  const id = await startRun(api, 'by_hand', 'kept words');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}/activity`);
  const field = page.getByLabel('Say something about this run');
  await field.fill('Half a thought');
  await page.route('**/comments', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Comments' }).getByRole('alert')).toBeVisible();
  await expect(field).toHaveValue('Half a thought');
  await page.reload();
  await expect(field).toHaveValue('Half a thought');
  await page.unroute('**/comments');
  await page.getByRole('button', { name: 'Comment', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Comments' }).getByText('Half a thought')).toBeVisible();
  await expect(field).toHaveValue('');
});
