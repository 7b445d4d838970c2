import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppConfig } from '../../src/config/app-config.js';
import { LogChunksRepository } from '../../src/logs/log-chunks.repository.js';
import { LogWriters } from '../../src/logs/log-writers.js';
import { OWNER, startRunDataApp, STRANGER, type RunDataApp } from '../live/run-data-app.js';
import { seedRun, seedRunningStep, type SeededTry } from '../live/seed-run.js';
import { SseClient } from '../live/sse-client.js';

interface Page {
  readonly lines: {
    readonly n: number;
    readonly text: string;
    readonly step: string;
    readonly position: number;
  }[];
  readonly next_after: number | null;
}

describe('reading logs', () => {
  let server: RunDataApp;
  let runId: string;

  beforeAll(async () => {
    server = await startRunDataApp();
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    runId = await seedRun(server.database.dataSource, server.ownerId);
  });

  const start = (key: string, phase?: string): Promise<SeededTry> =>
    seedRunningStep(server.database.dataSource, runId, key, phase);

  async function write(step: SeededTry, text: string): Promise<void> {
    const log = await server.app.get(LogWriters).open(step, []);
    log.write('stdout', text);
    await log.end();
  }

  const get = (query = '', headers: Record<string, string> = {}, as = OWNER): Promise<Response> =>
    fetch(`${server.url}/runs/${runId}/logs${query}`, { headers: { ...server.as(as), ...headers } });
  const page = async (query = ''): Promise<Page> => (await (await get(query)).json()) as Page;
  const texts = async (query = ''): Promise<string[]> => (await page(query)).lines.map((line) => line.text);

  it('answers a line with every field', async () => {
    await write(await start('write'), 'hello\n');
    expect(await page()).toEqual({
      lines: [
        {
          position: expect.any(Number),
          n: 1,
          stream: 'stdout',
          at: expect.stringMatching(/Z$/u),
          text: 'hello',
          phase: 'planning',
          attempt: 1,
          step: 'write',
          try: 1,
        },
      ],
      next_after: null,
    });
  });

  it('pages without a gap', async () => {
    const step = await start('write');
    await write(step, 'a\nb\nc\n');
    await write(step, 'd\ne\n');
    const seen: string[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const part: Page = await page(`?limit=2&after=${String(after)}`);
      seen.push(...part.lines.map((line) => line.text));
      after = part.next_after;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('keeps head and tail of what is sent bit by bit, behind one mark, as of a log that is written at once', async () => {
    const config = server.app.get(AppConfig);
    const limits = { ...config.limits, logBytesPerStep: 2000 };
    const writers = new LogWriters(server.app.get(LogChunksRepository), config.with({ limits }));
    const step = await start('outside');
    const send = (from: number, count: number): Promise<void> =>
      writers.append(
        step,
        Array.from({ length: count }, (_, at) => ({
          stream: 'stdout' as const,
          text: `line ${String(from + at)} ${'x'.repeat(80)}`,
        })),
      );
    const shown = async (): Promise<(string | undefined)[]> =>
      (await texts()).map((text) => /^line \d+|^\[.*/u.exec(text)?.[0]);
    const lines = (from: number, to: number): string[] =>
      Array.from({ length: to - from + 1 }, (_, at) => `line ${String(from + at)}`);
    for (let from = 1; from <= 18; from += 6) await send(from, 6);
    expect(await shown()).toEqual(lines(1, 18));
    for (let from = 19; from <= 90; from += 6) await send(from, 6);
    const mark = '[72 lines were left out here: the log passed its limit.]';
    expect(await shown()).toEqual([...lines(1, 6), mark, ...lines(79, 90)]);
    expect((await page()).lines.at(-1)?.n).toBe(90);
  });

  it('filters by phase, step and attempt', async () => {
    await write(await start('one'), 'planning 1\n');
    await write(await start('two'), 'planning 2\n');
    await write(await start('one', 'building'), 'building 1\n');
    expect(await texts('?phase=planning')).toEqual(['planning 1', 'planning 2']);
    expect(await texts('?step=one')).toEqual(['planning 1', 'building 1']);
    expect(await texts('?phase=planning&attempt=2')).toEqual(['planning 2']);
    expect(await texts('?phase=nothing')).toEqual([]);
  });

  it('is hidden from others and refuses wrong queries', async () => {
    expect((await get('', {}, STRANGER)).status).toBe(404);
    for (const query of [
      '?limit=0',
      '?limit=10001',
      '?after=-1',
      '?after=9007199254740993',
      '?attempt=0',
      '?x=1',
    ]) {
      expect((await get(query)).status).toBe(400);
    }
  });

  it('keeps a page small however long its lines are', async () => {
    await write(await start('write'), `${'x'.repeat(60_000)}\n`.repeat(100));
    const first = await page('?limit=10000');
    expect(first.lines.length).toBeLessThan(40);
    expect(first.next_after).toBe(first.lines.at(-1)?.position);
  });

  it('downloads all of it as text, with a title where the step changes', async () => {
    await write(await start('one'), 'a\nb\n');
    await write(await start('two', 'building'), 'ü\n');
    const response = await get('', { accept: 'text/plain' });
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=".*\.log"/u);
    expect(await response.text()).toBe(
      '===== planning (attempt 1) / one (try 1) =====\na\nb\n===== building (attempt 1) / two (try 1) =====\nü\n',
    );
  });

  it('streams lines as they come and resumes behind the last one', async () => {
    const step = await start('write');
    await write(step, 'a\nb\n');
    const url = `${server.url}/runs/${runId}/logs`;
    const first = await SseClient.open(url, server.as(OWNER));
    await first.waitFor(1);
    await write(step, 'c\n');
    await first.waitFor(2);
    await first.close();
    await write(step, 'd\n');
    const second = await SseClient.open(url, { ...server.as(OWNER), 'last-event-id': first.lastId ?? '' });
    await second.waitFor(1);
    await second.close();
    const seen = [...first.messages, ...second.messages].flatMap(({ data }) => (data as Page).lines);
    expect(seen.map((line) => line.text)).toEqual(['a', 'b', 'c', 'd']);
  });
});
