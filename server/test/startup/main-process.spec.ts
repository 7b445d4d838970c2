import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/persistence/live-process.js';
import { startEmbeddedPostgres } from '../../src/persistence/embedded-postgres.js';
import { freePort, isReady, startProcess, until, type StartedProcess } from './processes.js';

describe('the process', () => {
  let dataDir: string;
  let port: number;
  const started: StartedProcess[] = [];

  const start = (environment: Record<string, string> = {}, ...options: string[]): StartedProcess => {
    const process = startProcess({ DATA_DIR: dataDir, PORT: String(port), ...environment }, ...options);
    started.push(process);
    return process;
  };
  const startReady = async (): Promise<StartedProcess> => {
    const process = start();
    await until(() => process.output().includes('is ready'), process.output);
    return process;
  };
  const postgresPid = async (): Promise<number> =>
    Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'main-process-'));
    port = await freePort();
  });

  afterEach(async () => {
    for (const { child, exited } of started.splice(0)) {
      child.kill('SIGTERM');
      await exited;
    }
  });

  afterAll(async () => {
    await (await startEmbeddedPostgres(dataDir)).stop();
    await rm(dataDir, { recursive: true });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'tells where it is and how to sign in, and on %s stops all of it with exit code 0',
    async (signal) => {
      const { child, output, exited } = await startReady();
      expect(await isReady(port)).toBe(true);
      expect(output()).toContain(`http://127.0.0.1:${port}/orchestrator/`);
      expect(output()).toContain('one-time token');
      const database = await postgresPid();
      child.kill(signal);
      expect(await exited).toBe(0);
      expect(await isAlive(database)).toBe(false);
    },
  );

  it('takes over its PostgreSQL after it was killed', async () => {
    const first = await startReady();
    const database = await postgresPid();
    first.child.kill('SIGKILL');
    await first.exited;
    await startReady();
    expect(await postgresPid()).toBe(database);
    expect(await isReady(port)).toBe(true);
  });

  it('says that its data folder is in use', async () => {
    await startReady();
    const second = start({ PORT: String(await freePort()) });
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/data folder .* is in use by another orchestrator/);
    expect(await isReady(port)).toBe(true);
  });

  it('says that its port is taken, before it starts anything', async () => {
    const squatter: Server = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    const { output, exited } = start();
    expect(await exited).toBe(1);
    expect(output()).toContain(`Port ${port} on 127.0.0.1 is taken`);
    squatter.close();
    await once(squatter, 'close');
  });

  it('says every wrong variable in a sentence, without a stack trace', async () => {
    const { output, exited } = start({ PORT: 'eighty', ROLE: 'boss' });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/PORT must be .*\nROLE must be one of all, api, worker\./);
    expect(output()).not.toMatch(/^\s+at /m);
  });

  it('says that the database of DATABASE_URL cannot be reached, without its password', async () => {
    const nowhere = await freePort();
    const { output, exited } = start({ DATABASE_URL: `postgres://u:hunter2@127.0.0.1:${nowhere}/d` });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/cannot be used: .*ECONNREFUSED.*Check DATABASE_URL/);
    expect(output()).not.toContain('hunter2');
  });

  it('waits for a PostgreSQL that is starting', async () => {
    // What PostgreSQL answers to a first message: an error with its code (protocol 3.0, ErrorResponse).
    const refusal = (code: string, message: string): Buffer => {
      const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
      const head = Buffer.alloc(5);
      head.write('E');
      head.writeInt32BE(fields.length + 4, 1);
      return Buffer.concat([head, fields]);
    };
    const answers = [
      refusal('57P03', 'the database system is starting up'),
      refusal('57P03', 'the database system is not yet accepting connections'),
      refusal('28P01', 'password authentication failed'),
    ];
    const postgres = createServer((socket) => {
      socket.once('data', () => socket.end(answers.shift() ?? ''));
    }).listen(0, '127.0.0.1');
    await once(postgres, 'listening');
    const { port: postgresPort } = postgres.address() as AddressInfo;
    const { output, exited } = start({ DATABASE_URL: `postgres://u@127.0.0.1:${String(postgresPort)}/d` });
    expect(await exited).toBe(1);
    expect(answers).toEqual([]);
    expect(output()).toContain('cannot be used: password authentication failed. Check DATABASE_URL.');
    postgres.close();
  });

  it('serves worker processes on its data folder, each with its health on a port of its own', async () => {
    await startReady();
    const healthPort = await freePort();
    const worker = start({ ROLE: 'worker', HEALTH_PORT: String(healthPort) });
    await until(() => isReady(healthPort), worker.output);
    const metrics = await fetch(`http://127.0.0.1:${healthPort}/metrics`);
    expect(await metrics.text()).toContain('process_cpu_seconds_total');
    expect((await fetch(`http://127.0.0.1:${healthPort}/runs`)).status).toBe(404);
    worker.child.kill('SIGTERM');
    expect(await worker.exited).toBe(0);
    expect(await isReady(port)).toBe(true);
  });
});
