import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, publish, signIn, startRun, test } from '../support/console-test.js';
import { QUICK } from '../support/profiles.js';

/** Prints 100,000 lines of about 80 characters. */
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
          seq -f 'line %.0f of many, each with some words to read that make it long enough' 1 100000
`;
const BROWSER = 'dist/web/browser';
/** Runs on a page of the list. */
const PAGE = 50;
const PAINTS = 5;
/** What an hour of a busy run brings: one event a second. */
const EVENTS = 3600;
const LIVE_BATCH = 600;
const LONG_MS = 180_000;
/** Each tab, and what it shows once it is read. */
const TABS = [
  ['Artifacts', 'Release notes'],
  ['Metrics', 'Time by phase'],
  ['Phases', 'Succeeded'],
  ['Activity', /3,\d\d\d events/],
] as const;

interface Measure {
  readonly what: string;
  readonly value: number;
  /** null: measured for comparison only. */
  readonly budget: number | null;
  readonly unit: 'kB' | 'ms' | 'MB' | 'requests' | 'rows';
}
const measures: Measure[] = [];
const record = (what: string, value: number, budget: Measure['budget'], unit: Measure['unit']): void => {
  measures.push({ what, value: Math.round(value * 10) / 10, budget, unit });
};

test.describe.configure({ timeout: 900_000 });

test.afterAll(() => {
  const width = Math.max(...measures.map(({ what }) => what.length));
  const lines = measures.map(({ what, value, budget, unit }) =>
    [
      what.padEnd(width),
      `${value} ${unit}`.padStart(14),
      (budget === null ? '' : `${String(budget)} ${unit}`).padStart(14),
      budget === null ? 'for comparison' : value <= budget ? 'kept' : 'OVER',
    ].join('  '),
  );
  const head = ['measure'.padEnd(width), 'measured'.padStart(14), 'budget'.padStart(14)].join('  ');
  process.stdout.write(`\n${[head, ...lines].join('\n')}\n\n`);
});

const gzipped = (file: string): number => gzipSync(readFileSync(join(BROWSER, file))).length / 1000;

test('bundles', () => {
  const index = readFileSync(join(BROWSER, 'index.html'), 'utf8');
  const initial = [...index.matchAll(/(?:src|href)="([\w.-]+\.js)"/g)].map(([, file]) => file ?? '');
  expect(initial.length).toBeGreaterThan(0);
  record('initial JavaScript, gzip', sum(initial.map(gzipped)), 200, 'kB');
  const lazy = readdirSync(BROWSER).filter((file) => file.endsWith('.js') && !initial.includes(file));
  record('largest lazy part, gzip', Math.max(...lazy.map(gzipped)), 250, 'kB');
});

test('first useful paint of the list', async ({ page, server, api }) => {
  await publish(api, 'quick_check', QUICK);
  // They wait to be advanced: what is measured is the page, not what runs beside it.
  for (let run = 0; run < PAGE; run += 1) {
    await api.post('/runs', { data: { profile: 'quick_check', project_name: `run-${String(run)}` } });
  }
  await signIn(page, server);
  const reference: number[] = [];
  for (let turn = 0; turn < PAINTS; turn += 1) {
    await page.goto(`${server.console}favicon.svg`);
    reference.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0]?.duration ?? NaN));
  }
  record('one small file of this server, loaded', median(reference), null, 'ms');
  const times: number[] = [];
  for (let turn = 0; turn < PAINTS; turn += 1) {
    await page.goto(`${server.console}runs`);
    await expect(page.locator('tbody tr').first()).toBeVisible();
    times.push(
      await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN),
    );
  }
  record('first contentful paint of /runs', median(times), 1000, 'ms');
  const rows: number[] = [];
  await page.addInitScript(() => {
    const watcher = new MutationObserver(() => {
      if (document.querySelector('tbody tr') === null) return;
      watcher.disconnect();
      requestAnimationFrame(() => performance.mark('rows'));
    });
    watcher.observe(document, { childList: true, subtree: true });
  });
  for (let turn = 0; turn < PAINTS; turn += 1) {
    await page.goto(`${server.console}runs`);
    await expect(page.locator('tbody tr').first()).toBeVisible();
    rows.push(await page.evaluate(() => performance.getEntriesByName('rows')[0]?.startTime ?? NaN));
  }
  record('first rows of /runs on screen', median(rows), 1000, 'ms');
});

test('a log of a hundred thousand lines', async ({ page, server, api }) => {
  await publish(api, 'talker', TALKER);
  const id = await startRun(api, 'talker', 'talker');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: LONG_MS });
  await expect(page.getByText('100001 lines')).toBeVisible({ timeout: LONG_MS });
  const began = performance.now();
  await page.reload();
  await expect(page.getByText('100001 lines')).toBeVisible({ timeout: LONG_MS });
  record('log of 100,000 lines opened and read', performance.now() - began, 10_000, 'ms');
  record('lines of it in the page', await page.getByRole('log').locator('.line').count(), 200, 'rows');
  const logged = await slowest(page, async () => {
    await page.getByLabel('Search in the log').fill('line 77777 ');
    await expect(page.getByText('1 of 1 match')).toBeVisible();
    await page.getByLabel('Search in the log').fill('');
    await page.getByRole('log').hover();
    for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, -3000);
  });
  record('slowest interaction in that log', logged, 500, 'ms');
});

test('requests of a tab, 200 rows, and an hour of events', async ({ page, server, api }) => {
  await publish(api, 'quick_check', QUICK);
  const id = await startRun(api, 'quick_check', 'watched');
  await signIn(page, server);
  await page.goto(`${server.console}runs/${id}`);
  await expect(page.getByText('Every phase is complete.')).toBeVisible({ timeout: LONG_MS });
  await addEvents(server, id, EVENTS);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  for (const [tab, shown] of TABS) {
    requests.length = 0;
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByText(shown).first()).toBeVisible({ timeout: LONG_MS });
    await page.waitForLoadState('networkidle');
    const read = requests.filter((url) => !/\.(js|css|woff2|svg)$/.test(url));
    // The history of an hour is longer than one page of it.
    const distinct = new Set(read.map((url) => new URL(url).pathname));
    record(`requests of the tab ${tab}`, distinct.size, 2, 'requests');
  }

  const rows = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
  await expect(rows).toHaveCount(200);
  const interacted = await slowest(page, async () => {
    await page.getByLabel('Kind').selectOption('run');
    await page.getByLabel('Search in the activity').pressSequentially('paused');
    await expect(rows).toHaveCount(200);
    await page.getByLabel('Search in the activity').fill('');
    await page.getByLabel('By whom').focus();
  });
  record('slowest interaction with 200 rows', interacted, 100, 'ms');

  const before = await heap(page);
  for (let sent = 0; sent < EVENTS; sent += LIVE_BATCH) await addEvents(server, id, LIVE_BATCH);
  for (let turn = 0; turn < 3; turn += 1) {
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await expect(page.locator('tbody tr').first()).toBeVisible();
    await page.goBack();
    await expect(page.getByText(/7,\d\d\d events/)).toBeVisible({ timeout: LONG_MS });
  }
  record('memory added by an hour of events', (await heap(page)) - before, 32, 'MB');
});

/** The longest time from an input until it was painted, milliseconds; what took less than 16 counts as 0. */
async function slowest(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const seen = { worst: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.worst = Math.max(seen.worst, duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  await work();
  // Entries come after the frame that they tell of.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
  return await page.evaluate(() => (globalThis as unknown as { seen: { worst: number } }).seen.worst);
}

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
  return usedSize / 1024 / 1024;
}

/** Events as the server writes them. */
async function addEvents(
  server: { query: (sql: string, values?: readonly unknown[]) => Promise<unknown[]> },
  id: string,
  count: number,
): Promise<void> {
  await server.query(
    `WITH run AS (UPDATE runs SET last_seq = last_seq + $2 WHERE id = $1 RETURNING last_seq AS last)
     INSERT INTO run_events (run_id, seq, type, at, actor, phase, step, attempt, data, tx)
     SELECT $1, run.last - $2 + n, 'run.paused', now(), NULL, NULL, NULL, NULL, '{}', 0
     FROM run, generate_series(1, $2::int) AS n`,
    [id, count],
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
