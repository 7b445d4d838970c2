import { expect, publish, signIn, startRun, test } from './support/console-test.js';

/** Prints about 10 MB in 125,000 lines; the log has one more, which names the command. */
const TALKER = `
apiVersion: orchestrator/v1
name: talker
title: Talker
repository: none
phases:
  - name: talk
    steps:
      - id: print
        command: |
          seq -f 'line %.0f of many, each with some words to read that make it long enough' 1 125000
`;
const EVENTS = 20_000;
/** The page itself takes about 20 MB; the log is 10 MB of text in 125,000 objects. */
const HEAP_BYTES = 256 * 1024 * 1024;

test('10 MB log and 20,000 events: memory bounded, page usable', async ({ page, server, api }) => {
  await publish(api, 'talker', TALKER);
  const id = await startRun(api, 'talker', 'talker');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: 60_000 });
  const log = page.getByRole('log');
  await expect(page.getByText('125001 lines')).toBeVisible({ timeout: 60_000 });
  await expect(log).toContainText('line 125000 of many');
  expect(await log.locator('.line').count()).toBeLessThan(200);
  await page.getByLabel('Search in the log').fill('line 77777 ');
  await expect(page.getByText('1 of 1 match')).toBeVisible();
  await expect(log).toContainText('line 77777 of many');

  const [run] = await server.query<{ last: number }>('SELECT last_seq AS last FROM runs WHERE id = $1', [id]);
  await server.query(
    `INSERT INTO run_events (run_id, seq, type, at, actor, phase, step, attempt, data, tx)
     SELECT $1, n, 'run.paused', now(), NULL, NULL, NULL, NULL, '{}', 0
     FROM generate_series($2::int + 1, $3::int) AS n`,
    [id, run?.last, EVENTS],
  );
  await server.query('UPDATE runs SET last_seq = $2 WHERE id = $1', [id, EVENTS]);
  await page.getByRole('tab', { name: 'Activity' }).click();
  await expect(page.getByText('20,000 events')).toBeVisible({ timeout: 60_000 });
  const rows = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
  expect(await rows.count()).toBe(200);
  await page.getByRole('button', { name: 'Show older' }).click();
  await expect(rows).toHaveCount(400);
  await page.getByLabel('Search in the activity').fill('run created');
  await expect(page.getByText('1 event', { exact: true })).toBeVisible();

  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
  expect(usedSize).toBeLessThan(HEAP_BYTES);
});
