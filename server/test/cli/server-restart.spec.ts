import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRun, publish, runUntil } from '../runs/run-steps.js';
import { freePort, isReady, startProcess, until, type StartedProcess } from '../startup/processes.js';
import { signIn, type ApiClient } from '../support/api-client.js';
import { PASSWORD, emailOf } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { Person, type Running } from './cli-process.js';

describe('a restart of the server', () => {
  let database: TestDatabase;
  let server: StartedProcess;
  let admin: ApiClient;
  /** The machine of the server. */
  let home: Person;
  let person: Person;
  let port: number;
  let started: Running[] = [];

  const start = async (): Promise<StartedProcess> => {
    const started = startProcess({
      ...{ PORT: String(port), DATA_DIR: join(home.folder, 'data'), DATABASE_URL: database.url },
      ...{ ADMIN_EMAIL: emailOf('admin'), ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'silent' },
      ...{ RATE_LIMIT_PER_MINUTE: '100000', RATE_LIMIT_BURST: '10000' },
    });
    await until(() => isReady(port), started.output);
    return started;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    port = await freePort();
    home = await Person.on();
    server = await start();
    const url = `http://127.0.0.1:${port}`;
    admin = await signIn(url, emailOf('admin'), PASSWORD);
    person = await Person.of(url, admin);
    await publish(admin, 'scanned', [
      { name: 'qa', steps: [{ id: 'scan', worker: { labels: ['security'] } }] },
    ]);
  });
  afterAll(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    server.child.kill('SIGKILL');
    await server.exited;
    await database.drop();
    await person.leave();
    await home.leave();
  });

  it('is survived by a worker and by somebody who waits: the step is done once, the run completes', async () => {
    const id = await createRun(admin, 'scanned', { auto_advance: true });
    const watcher = person.start(['watch', id, '--exit-code']);
    const file = join(person.folder, 'go');
    const worker = person.start([
      ...['worker', '--labels', 'security', '--once'],
      ...['--exec', `echo before; while [ ! -e ${file} ]; do sleep 0.05; done; echo after`],
    ]);
    started = [watcher, worker];
    await eventually(
      () => Promise.resolve(worker.said()),
      (text) => text.includes('claimed'),
    );
    server.child.kill('SIGKILL');
    await server.exited;
    await writeFile(file, '');
    server = await start();
    expect(await worker.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('succeeded') });
    expect(await watcher.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The run is complete.'),
      stderr: expect.stringContaining('The server is back.'),
    });
    const run = await runUntil(admin, id, ({ status }) => status === 'completed');
    expect(run.phases[0]?.steps).toMatchObject([{ tries: 1, status: 'succeeded' }]);
  });
});
