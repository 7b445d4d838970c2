import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, createRun, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Person } from './cli-process.js';

const PROFILE = `apiVersion: orchestrator/v1
name: from_a_file
title: From a file
phases:
  - name: plan
    steps:
      - { id: do, command: "true" }
`;

describe('orchestrator profiles and doctor', () => {
  let api: TestApp;
  let admin: Person;

  beforeAll(async () => {
    api = await startTestApp();
    admin = await Person.of(api.url, api.admin);
    await writeFile(join(admin.folder, 'profile.yaml'), PROFILE);
    await writeFile(
      join(admin.folder, 'cyclic.yaml'),
      PROFILE.replace('command: "true"', 'needs: [do], command: "true"'),
    );
  });
  afterAll(async () => {
    await admin.leave();
    await api.stop();
  });

  it('publishes a file under the name in it, and nothing new the second time', async () => {
    const first = { name: 'from_a_file', version: 1, created: true };
    expect(await admin.json('profiles', 'publish', 'profile.yaml')).toEqual(first);
    expect(await admin.json('profiles', 'publish', 'profile.yaml')).toEqual({ ...first, created: false });
    expect((await admin.run('profiles', 'list')).stdout).toMatch(/^from_a_file +1 +plan +From a file$/m);
    expect((await admin.run('profiles', 'show', 'from_a_file')).stdout).toMatch(/^plan +do \(command\)$/m);
  });

  it('checks a file with file, line and column of what is wrong', async () => {
    expect(await admin.run('profiles', 'validate', 'profile.yaml')).toMatchObject({ code: 0 });
    const { code, stdout } = await admin.run('profiles', 'validate', 'cyclic.yaml');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^cyclic\.yaml:7:\d+: /);
    expect((await admin.run('profiles', 'publish', 'cyclic.yaml')).code).toBe(1);
  });

  it('lets only administrators publish', async () => {
    const member = await Person.of(api.url, api.member);
    const { ended } = member.start(['profiles', 'publish', '-'], PROFILE);
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('profiles:publish') });
    await member.leave();
  });

  it('finds a database healthy, and a broken promise in it', async () => {
    await publish(api.admin, 'one', commands({ plan: 'true' }));
    const id = await createRun(api.admin, 'one', { auto_advance: true });
    await runUntil(api.admin, id, ({ status }) => status === 'completed');
    const environment = { DATABASE_URL: api.database.url, DATA_DIR: join(api.folder, 'data') };
    const doctor = (...more: string[]) => admin.start(['doctor', ...more], '', environment).ended;
    expect(await doctor()).toMatchObject({ code: 0, stdout: expect.stringContaining('healthy') });
    await api.database.dataSource.query('DELETE FROM run_events WHERE run_id = $1 AND seq = 2', [id]);
    const { code, stdout } = await doctor('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: false });
  });

  it('says where it looked where there is no database', async () => {
    const { ended } = admin.start(['doctor'], '', { DATA_DIR: join(admin.folder, 'nothing') });
    expect(await ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(join(admin.folder, 'nothing')),
    });
    const unreachable = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    expect(await admin.start(['doctor'], '', unreachable).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The database cannot be checked'),
    });
  });
});
