import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LogChunksRepository } from '../../src/logs/log-chunks.repository.js';
import { LogReader, type LogLine } from '../../src/logs/log-reader.js';
import { LogWriters } from '../../src/logs/log-writers.js';
import { LogWriter } from '../../src/logs/log-writer.js';
import { startRunDataApp, type RunDataApp } from '../live/run-data-app.js';
import { seedRun, seedRunningStep, type SeededTry } from '../live/seed-run.js';

describe('the log of a step', () => {
  const MIB = 1024 * 1024;

  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  /** Bytes that are still needed, whenever the engine would have collected the rest. */
  function heapInUse(): number {
    collect();
    return process.memoryUsage().heapUsed;
  }

  const ALL = { phase: null, step: null, attempt: null };

  let server: RunDataApp;
  let runId: string;
  let held: SeededTry;

  beforeAll(async () => {
    server = await startRunDataApp();
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    runId = await seedRun(server.database.dataSource, server.ownerId);
    held = await seedRunningStep(server.database.dataSource, runId, 'write');
  });

  const open = (secrets: string[] = [], target = held): Promise<LogWriter> =>
    server.app.get(LogWriters).open(target, secrets);

  async function lines(filter = ALL): Promise<readonly LogLine[]> {
    const found: LogLine[] = [];
    for (;;) {
      const page = await server.app.get(LogReader).page(runId, filter, found.at(-1)?.position ?? 0, 10_000);
      found.push(...page.lines);
      if (!page.more) return found;
    }
  }

  const texts = async (): Promise<string[]> => (await lines()).map((line) => line.text);

  async function countRows(): Promise<number> {
    const [row] = await server.database.dataSource.query<{ count: number }[]>(
      'SELECT count(*)::integer AS count FROM log_chunks WHERE run_id = $1',
      [runId],
    );
    return row?.count ?? 0;
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('The condition was not met within 10 s');
    }
  }

  it('keeps every line with its number, stream, time and place', async () => {
    const log = await open();
    log.write('stdout', 'one\ntw');
    log.write('stderr', 'oops\n');
    log.write('stdout', 'o\n');
    log.write('system', 'exit code 0');
    await log.end();
    const found = await lines();
    expect(found.map(({ n, stream, text }) => [n, stream, text])).toEqual([
      [1, 'stdout', 'one'],
      [2, 'stderr', 'oops'],
      [3, 'stdout', 'two'],
      [4, 'system', 'exit code 0'],
    ]);
    expect(found[0]).toMatchObject({
      phase: 'planning',
      attempt: 1,
      step: 'write',
      stepTry: 1,
      at: expect.any(Date),
    });
  });

  it('can be read while the step still writes', async () => {
    const log = await open();
    log.write('stdout', 'first\nunfinished');
    await until(async () => (await texts()).length === 1);
    expect(await texts()).toEqual(['first']);
    await log.end();
    expect(await texts()).toEqual(['first', 'unfinished']);
  });

  it('keeps colours and drops what a database cannot take', async () => {
    const log = await open();
    log.write('stdout', '\u001b[31mred\u001b[0m a\0b \ud800 😀\r\n');
    await log.end();
    expect(await texts()).toEqual(['\u001b[31mred\u001b[0m ab \ufffd 😀']);
  });

  it('stores no secret, not even in pieces', async () => {
    const log = await open(['correct-horse', 'multi\nline-secret']);
    for (const piece of ['a corr', 'ect-', 'horse b\nmulti\nline', '-secret c\n']) log.write('stdout', piece);
    await log.end();
    expect(await texts()).toEqual(['a *** b', '*** c']);
  });

  it('takes 1 GB in bounded memory and few rows, and says exactly what is missing', async () => {
    const log = await open();
    const child = spawn('sh', [
      '-c',
      'yes 0123456789012345678901234567890123456789012345678901234567890 | head -c 1073741824',
    ]);
    const decoder = new StringDecoder('utf8');
    let written = 0;
    // What is in use after a collection.
    const heap: number[] = [];
    child.stdout.on('data', (data: Buffer) => {
      written += data.length;
      log.write('stdout', decoder.write(data));
      if (written % (64 * MIB) < data.length) heap.push(heapInUse());
    });
    await once(child, 'close');
    await log.end();
    expect(written).toBe(1024 * MIB);
    expect(heap).toHaveLength(16);
    expect(Math.max(...heap.slice(8)) - Math.max(...heap.slice(0, 8))).toBeLessThan(32 * MIB);
    expect(await countRows()).toBeLessThan(600);
    const found = await lines();
    const kept = found.filter((line) => line.stream === 'stdout');
    const keptBytes = kept.reduce((sum, line) => sum + line.text.length + 1, 0);
    expect(keptBytes).toBeGreaterThan(9.5 * MIB);
    expect(keptBytes).toBeLessThanOrEqual(10 * MIB);
    const mark = found
      .map((line) => /^\[(\d+) lines \((\d+) bytes\) were left out/u.exec(line.text))
      .find((match) => match);
    // The output's last line is cut by head -c and has no line break.
    expect(Number(mark?.[2]) + keptBytes - written).toBeLessThanOrEqual(1);
    expect(found.at(-1)?.n).toBe(Number(mark?.[1]) + kept.length + 1);
  }, 240_000);

  it('cuts a line that never ends', async () => {
    const log = await open();
    for (let piece = 0; piece < 500; piece++) log.write('stdout', 'x'.repeat(10_000));
    log.write('stdout', '\nnext\n');
    await log.end();
    const [first, second] = await texts();
    expect(first).toBe(
      `${'x'.repeat(65_536)} … [${String(5_000_000 - 65_536)} more characters of this line were left out]`,
    );
    expect(second).toBe('next');
  });

  it('goes on behind the lines of an earlier holder of the same try', async () => {
    const first = await open();
    first.write('stdout', 'a\nb\n');
    await first.end();
    const second = await open();
    second.write('stdout', 'c\n');
    await second.end();
    expect((await lines()).map(({ n, text }) => [n, text])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it('refuses an older holder of the step, and one whose try has ended', async () => {
    const stale = await open([], { ...held, epoch: 0 });
    stale.write('stdout', 'stale\n');
    await stale.end();
    const ended = await open();
    await server.database.dataSource.query("UPDATE step_attempts SET status = 'lost' WHERE id = $1", [
      held.stepAttemptId,
    ]);
    ended.write('stdout', 'late\n');
    await ended.end();
    expect(await texts()).toEqual([]);
  });

  it('loses and repeats nothing when storing fails for a while', async () => {
    const chunks = server.app.get(LogChunksRepository);
    let failures = 3;
    const log = new LogWriter(
      async (batch) => {
        const answer = await chunks.append(held, batch);
        failures -= 1;
        if (failures >= 0) throw new Error('the answer was lost');
        return answer;
      },
      [],
      { logBytes: 10 * MIB, lineBytes: 65_536 },
      1,
    );
    log.write('stdout', 'one\n');
    await expect(log.flush()).rejects.toThrow('the answer was lost');
    log.write('stdout', 'two\n');
    await expect(log.flush()).rejects.toThrow('the answer was lost');
    await expect(log.end()).rejects.toThrow('the answer was lost');
    await log.end();
    expect(await texts()).toEqual(['one', 'two']);
  });

  it('shows parallel steps to a reader who keeps up, each line once', async () => {
    const { dataSource } = server.database;
    const steps = await seedInTurn(['a', 'b', 'c', 'd']);
    const logs = await Promise.all(steps.map((step) => open([], step)));
    const seen: string[] = [];
    let position = 0;
    const writing = Promise.all(
      logs.map(async (log, index) => {
        for (let line = 0; line < 40; line++) {
          log.write('stdout', `${String(index)} ${String(line)}\n`);
          await log.flush();
        }
        await log.end();
      }),
    );
    while (seen.length < 160) {
      const page = await server.app.get(LogReader).page(runId, ALL, position, 7);
      position = page.lines.at(-1)?.position ?? position;
      seen.push(...page.lines.map((line) => line.text));
    }
    await writing;
    expect(new Set(seen).size).toBe(160);
    expect((await server.app.get(LogReader).page(runId, ALL, position, 7)).lines).toEqual([]);

    async function seedInTurn(keys: readonly string[]): Promise<SeededTry[]> {
      const seeded: SeededTry[] = [];
      for (const key of keys) seeded.push(await seedRunningStep(dataSource, runId, key, 'building'));
      return seeded;
    }
  }, 30_000);
});
