import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRun, publish, runUntil } from '../runs/run-steps.js';
import { freePort, isReady, startProcess, until, type StartedProcess } from '../startup/processes.js';
import { signIn, type ApiClient } from '../support/api-client.js';
import { PASSWORD, emailOf } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { Person } from './cli-process.js';

describe('a restart of the server', () => {
  let database: TestDatabase;
  let server: StartedProcess;
  let admin: ApiClient;
  let person: Person;
  let port: number;

  const start = async (): Promise<StartedProcess> => {
    const started = startProcess({
      ...{ PORT: String(port), DATA_DIR: join(person.folder, 'data'), DATABASE_URL: database.url },
      ...{ ADMIN_EMAIL: emailOf('admin'), ADMIN_PASSWORD: PASSWORD, LOG_LEVEL: 'silent' },
      ...{ RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_BURST: '0' },
    });
    await until(() => isReady(port), started.output);
    return started;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    port = await freePort();
    const home = await Person.on();
    person = home;
    await mkdir(join(home.folder, 'data'));
    server = await start();
    const url = `http://127.0.0.1:${port}`;
    admin = await signIn(url, emailOf('admin'), PASSWORD);
    person = await Person.of(url, admin);
    await mkdir(join(person.folder, 'data'), { recursive: true });
    await publish(admin, 'scanned', [
      { name: 'qa', steps: [{ id: 'scan', worker: { labels: ['security'] } }] },
    ]);
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await server.exited;
    await database.drop();
    await person.leave();
  });

  it('is survived by a worker and by somebody who waits: the step is done once, the run completes', async () => {
    const id = await createRun(admin, 'scanned', { auto_advance: true });
    const watcher = person.start(['watch', id, '--exit-code']);
    const file = join(person.folder, 'go');
    const worker = person.start([
      ...['worker', '--labels', 'security', '--once'],
      ...['--exec', `echo before; while [ ! -e ${file} ]; do sleep 0.05; done; echo after`],
    ]);
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
