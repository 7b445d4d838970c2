import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isReady, startProcess, until, type StartedProcess } from '../startup/processes.js';
import { signIn, type ApiClient } from '../support/api-client.js';
import { emailOf, PASSWORD } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { createRun, detail, next, phaseOf, publish, runUntil } from './run-steps.js';

// Every test starts two servers, each in a process of its own.
jest.setTimeout(180_000);

describe('a run whose server ends in the middle of a phase', () => {
  let database: TestDatabase;
  let folder: string;
  let server: StartedProcess;
  let admin: ApiClient;
  let number = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'orchestrator-restart-'));
  });

  afterEach(async () => {
    server.child.kill('SIGTERM');
    await server.exited;
  });

  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Starts the server as its own process, on what the one before left. */
  async function start(): Promise<void> {
    const port = await freePort();
    server = startProcess({
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: database.url,
      PORT: String(port),
      ADMIN_EMAIL: emailOf('admin'),
      ADMIN_PASSWORD: PASSWORD,
      LEASE_SECONDS: '2',
      HEARTBEAT_SECONDS: '1',
      SWEEP_SECONDS: '1',
      GRACE_SECONDS: '0',
      LOG_LEVEL: 'error',
    });
    await until(() => isReady(port), server.output);
    admin = await signIn(`http://127.0.0.1:${String(port)}`, emailOf('admin'), PASSWORD);
  }

  const linesOf = async (file: string): Promise<string[]> =>
    (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

  /** A run that is in the middle of its second step, which waits for the gate. */
  async function runInTheMiddle(autoAdvance: boolean) {
    number += 1;
    const log = join(folder, `log-${String(number)}`);
    const gate = join(folder, `gate-${String(number)}`);
    const profile = await publish(admin, `long_${String(number)}`, [
      {
        name: 'work',
        steps: [
          { id: 'one', command: `echo one >> ${log}; echo 1 > one.txt` },
          {
            id: 'two',
            needs: ['one'],
            command: `cat one.txt half.txt 2>/dev/null | tr '\\n' ' ' >> ${log}; echo two-begins >> ${log}; echo half > half.txt
              while [ ! -e ${gate} ]; do sleep 0.05; done; echo two-ends >> ${log}; cp one.txt "$ORCHESTRATOR_ARTIFACTS/"`,
          },
        ],
      },
      { name: 'rest', steps: [{ id: 'three', command: `echo three >> ${log}` }] },
    ]);
    const id = await createRun(admin, profile, { auto_advance: autoAdvance });
    if (!autoAdvance) await next(admin, id, undefined, { Prefer: 'respond-async' });
    await eventually(
      () => linesOf(log),
      (lines) => lines.includes('1 two-begins'),
    );
    return { id, log, gate };
  }

  it.each([
    ['SIGTERM', true],
    ['SIGKILL', true],
    ['SIGKILL', false],
  ] as const)(
    'by %s goes on and finishes after a start (automatic: %p), and no completed step runs twice',
    async (signal, automatic) => {
      await start();
      const { id, log, gate } = await runInTheMiddle(automatic);
      server.child.kill(signal);
      expect(await server.exited).toBe(signal === 'SIGTERM' ? 0 : null);
      await start();
      // The second try begins on the checkpoint of the first step, without what the lost try had left.
      await eventually(
        () => linesOf(log),
        (lines) => lines.filter((line) => line === '1 two-begins').length === 2,
      );
      await writeFile(gate, '');
      const run = automatic
        ? await runUntil(admin, id, (seen) => seen.status === 'completed')
        : await runUntil(admin, id, (seen) => seen.current_phase === 'rest');
      expect(await linesOf(log)).toEqual([
        'one',
        '1 two-begins',
        '1 two-begins',
        'two-ends',
        ...(automatic ? ['three'] : []),
      ]);
      expect(phaseOf(run, 'work')).toMatchObject({ status: 'completed', attempt: 1, artifacts_count: 1 });
      const tries = phaseOf(run, 'work').steps.map((step) => step.tries);
      expect(tries).toEqual([1, signal === 'SIGTERM' ? 1 : 2]);
    },
  );

  it('while it waited for its caller is as it was', async () => {
    await start();
    const profile = await publish(admin, 'idle', [
      { name: 'work', steps: [{ id: 'one', command: 'true' }] },
      { name: 'rest', steps: [{ id: 'two', command: 'true' }] },
    ]);
    const id = await createRun(admin, profile);
    await next(admin, id);
    const before = await detail(admin, id);
    server.child.kill('SIGKILL');
    await server.exited;
    await start();
    expect(await detail(admin, id)).toEqual(before);
    expect(await next(admin, id)).toMatchObject({ status: 200, body: { status: 'completed' } });
  });
});
