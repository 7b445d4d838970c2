import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProfilesRepository } from '../../src/workflow/profiles.repository.js';
import { WorkflowService } from '../../src/workflow/workflow.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('publish', () => {
  const EXAMPLE = readFileSync(join(import.meta.dirname, 'fixtures/release-check.yaml'), 'utf8');
  const named = (name: string, title = 'A'): string =>
    `{apiVersion: orchestrator/v1, name: ${name}, title: ${title}, phases: [{name: one, steps: [{id: a, command: "true"}]}]}`;

  let database: TestDatabase;
  let service: WorkflowService;
  const another = (): WorkflowService => new WorkflowService(new ProfilesRepository(database.dataSource));

  beforeAll(async () => {
    database = await createTestDatabase();
    service = another();
  });
  afterAll(() => database.drop());

  describe('publishing', () => {
    it('gives the first definition of a name version 1 and reads it back as it was normalised', async () => {
      expect(await service.publish('release_check', EXAMPLE, 'yaml', null)).toEqual({
        name: 'release_check',
        version: 1,
        created: true,
      });
      const read = await another().getVersion('release_check', 1);
      expect(read.source).toBe(EXAMPLE);
      expect(read.definition.phases.map((phase) => phase.name)).toEqual(['planning', 'qa', 'documentation']);
      expect(read.digest).toMatch(/^[0-9a-f]{64}$/);
    });

    it('gives the existing version again where only layout and comments differ', async () => {
      await service.publish('same', named('same'), 'yaml', null);
      const again = await service.publish('same', `# a comment\n${named('same')}`, 'yaml', null);
      expect(again).toEqual({ name: 'same', version: 1, created: false });
    });

    it('gives a changed definition the next version and leaves the old one as it was', async () => {
      await service.publish('changing', named('changing', 'First'), 'yaml', null);
      await service.publish('changing', named('changing', 'Second'), 'yaml', null);
      expect((await service.getLatest('changing')).definition.title).toBe('Second');
      expect((await another().getVersion('changing', 1)).definition.title).toBe('First');
    });

    it('publishes an earlier definition anew, so that it is the newest again', async () => {
      for (const title of ['First', 'Second', 'First']) {
        await service.publish('returning', named('returning', title), 'yaml', null);
      }
      const latest = await service.getLatest('returning');
      expect([latest.version, latest.definition.title]).toEqual([3, 'First']);
    });

    it('makes one version of the same definition published ten times at once', async () => {
      const publications = await Promise.all(
        Array.from({ length: 10 }, () => another().publish('at_once', named('at_once'), 'yaml', null)),
      );
      expect(publications.filter((publication) => publication.created)).toHaveLength(1);
      expect(new Set(publications.map((publication) => publication.version))).toEqual(new Set([1]));
    });

    it('numbers different definitions published at once without a gap', async () => {
      const publications = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          another().publish('racing', named('racing', `T${String(index)}`), 'yaml', null),
        ),
      );
      const versions = publications.map((publication) => publication.version).sort((a, b) => a - b);
      expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it('keeps the written order of parameters', async () => {
      const text = `${named('ordered').slice(0, -1)}, parameters: {type: object, properties: {zebra: {type: string}, a: {type: string}}}}`;
      await service.publish('ordered', text, 'yaml', null);
      const { parameters } = (await another().getLatest('ordered')).definition;
      expect(Object.keys(parameters?.['properties'] ?? {})).toEqual(['zebra', 'a']);
    });

    it('refuses a name in the text that is not the name it is published as', async () => {
      await expect(service.publish('one_name', named('other_name'), 'yaml', null)).rejects.toMatchObject({
        status: 400,
        code: 'invalid_profile',
        extra: { errors: [{ pointer: '/name' }] },
      });
      expect(await service.findLatest('one_name')).toBeNull();
    });

    it('refuses an invalid text with line and pointer and stores nothing', async () => {
      const text = named('broken').replace('"true"', '""');
      await expect(service.publish('broken', text, 'yaml', null)).rejects.toMatchObject({
        code: 'invalid_profile',
        extra: {
          errors: [
            {
              pointer: '/phases/0/steps/0/command',
              message: expect.stringMatching(/^Line 1, column \d+: /),
            },
          ],
        },
      });
      expect(await service.knownNames()).not.toContain('broken');
    });

    it('refuses a text of more than 512 KiB with 413', async () => {
      const text = `${named('large')}\n#${'x'.repeat(512 * 1024)}`;
      await expect(service.publish('large', text, 'yaml', null)).rejects.toMatchObject({ status: 413 });
    });
  });

  describe('reading', () => {
    it('answers 404 for an unknown profile and an unknown version', async () => {
      await expect(service.getLatest('nobody')).rejects.toMatchObject({ status: 404 });
      await expect(service.getVersion('release_check', 99)).rejects.toMatchObject({ status: 404 });
      await expect(service.listVersions('nobody')).rejects.toMatchObject({ status: 404 });
    });

    it('lists the newest version of every profile by name, in pages', async () => {
      const names = await service.knownNames();
      const { items, total } = await service.list(2, 1);
      expect(total).toBe(names.length);
      expect(items.map((item) => item.name)).toEqual(names.slice(1, 3));
      expect((await service.list(200)).items.find((item) => item.name === 'changing')?.version).toBe(2);
    });

    it('lists the versions of a profile newest first', async () => {
      const { items } = await service.listVersions('changing');
      expect(items.map((item) => item.version)).toEqual([2, 1]);
    });
  });
});
