import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProfileSeeder } from '../../src/workflow/profile-seeder.js';
import { ProfilesRepository } from '../../src/workflow/profiles.repository.js';
import { WorkflowService } from '../../src/workflow/workflow.service.js';
import { testConfig } from '../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('at start', () => {
  const named = (name: string, title: string): string =>
    `apiVersion: orchestrator/v1\nname: ${name}\ntitle: ${title}\nphases: [{name: one, steps: [{id: a, command: x}]}]\n`;

  let database: TestDatabase;
  let folder: string;
  const lines: string[] = [];

  const record = (message: unknown): void => {
    lines.push(String(message));
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    Logger.overrideLogger({ log: record, warn: record, error: record });
  });
  afterAll(async () => {
    Logger.overrideLogger(false);
    await database.drop();
  });
  beforeEach(async () => {
    lines.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'profiles-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** A process that starts. */
  async function start(profilesDir: string | null = folder): Promise<WorkflowService> {
    const repository = new ProfilesRepository(database.dataSource);
    const workflow = new WorkflowService(repository);
    const config = testConfig('/tmp', database.url, { profilesDir });
    await new ProfileSeeder(config, repository, workflow).onModuleInit();
    return workflow;
  }

  const latest = async (workflow: WorkflowService, name: string): Promise<[number, string]> => {
    const { version, definition } = await workflow.getLatest(name);
    return [version, definition.title];
  };

  it('publishes the built-in profiles once, however many processes start at once', async () => {
    const [workflow] = await Promise.all([start(null), start(null), start(null)]);
    expect(await workflow.knownNames()).toEqual(
      expect.arrayContaining(['data_pipeline', 'simple_app', 'web_app']),
    );
    expect((await workflow.listVersions('web_app')).total).toBe(1);
    await start(null);
    expect((await workflow.listVersions('web_app')).total).toBe(1);
  });

  it('publishes what changes in PROFILES_DIR, back and forth', async () => {
    for (const title of ['First', 'Second', 'First']) {
      await writeFile(join(folder, 'mine.yaml'), named('from_folder', title));
      await start();
    }
    expect(await latest(await start(), 'from_folder')).toEqual([3, 'First']);
  });

  it('leaves a version that was published over the API the newest while the file stays the same', async () => {
    await writeFile(join(folder, 'kept.yml'), named('kept', 'From the file'));
    const workflow = await start();
    await workflow.publish('kept', named('kept', 'From a person'), 'yaml', null);
    expect(await latest(await start(), 'kept')).toEqual([2, 'From a person']);
  });

  it('replaces a built-in profile by a file of its name', async () => {
    await writeFile(
      join(folder, 'simple.json'),
      JSON.stringify({
        ...{ apiVersion: 'orchestrator/v1', name: 'simple_app', title: 'Ours' },
        phases: [{ name: 'one', steps: [{ id: 'a', command: 'x' }] }],
      }),
    );
    expect(await latest(await start(), 'simple_app')).toEqual([2, 'Ours']);
    expect(await latest(await start(), 'simple_app')).toEqual([2, 'Ours']);
  });

  it('logs a bad file with its line, skips it, and publishes the others', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'apiVersion: orchestrator/v1\nname: [');
    await writeFile(join(folder, 'good.yaml'), named('beside_bad', 'Good'));
    await writeFile(join(folder, 'README.md'), 'not a profile');
    expect(await latest(await start(), 'beside_bad')).toEqual([1, 'Good']);
    const warnings = lines.filter((line) => line.includes('skipped'));
    expect(warnings).toEqual([expect.stringMatching(/^Profile file bad\.yaml is skipped: .*Line 2/)]);
  });

  it('takes the first of two files with one profile, and makes no new version at the next start', async () => {
    await writeFile(join(folder, 'a.yaml'), named('doubled', 'A'));
    await writeFile(join(folder, 'b.yaml'), named('doubled', 'B'));
    await start();
    expect(await latest(await start(), 'doubled')).toEqual([1, 'A']);
    expect(lines).toContain('Profile file b.yaml is skipped: a.yaml has the profile doubled already');
  });

  it('skips a file of more than 512 KiB', async () => {
    await writeFile(join(folder, 'large.yaml'), `${named('large', 'L')}# ${'x'.repeat(600_000)}`);
    expect(await (await start()).findLatest('large')).toBeNull();
    expect(lines).toContain('Profile file large.yaml is skipped: It is larger than 512 KiB.');
  });

  it('says that PROFILES_DIR cannot be read, without a path, and goes on', async () => {
    const workflow = await start(join(folder, 'missing'));
    expect(await workflow.knownNames()).toContain('web_app');
    expect(lines).toContain('PROFILES_DIR cannot be read: ENOENT');
  });
});
