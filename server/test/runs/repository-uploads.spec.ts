import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ZipArchive } from 'archiver';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { RetentionService } from '../../src/retention/retention.service.js';
import { git, makeRepository, writeFiles } from '../execution/repositories.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, phaseOf, publish, runUntil } from './run-steps.js';

interface Uploaded {
  readonly upload_id: string;
  readonly commit: string;
  readonly code?: string;
  readonly detail?: string;
}

const CHECK = 'set -e; test "$(cat src/main.txt)" = hello; test -x run.sh; test ! -e node_modules';
const DAY_MS = 24 * 3_600_000;

describe('an uploaded repository', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'checks', commands({ check: CHECK }), { repository: 'required' });
  });
  afterAll(() => api.stop());

  const upload = async (
    content: Uint8Array,
    by: ApiClient = api.member,
  ): Promise<{ status: number; body: Uploaded }> => {
    const form = new FormData();
    form.append('file', new Blob([content]), 'service.zip');
    const response = await by.raw('/uploads', { method: 'POST', body: form });
    return { status: response.status, body: (await response.json()) as Uploaded };
  };
  const zip = (fill: (archive: ZipArchive) => void): Promise<Buffer> => {
    const archive = new ZipArchive({});
    fill(archive);
    void archive.finalize();
    return buffer(archive);
  };
  /** An archive with one entry whose name is what no tool would write. */
  const hostile = async (name: string): Promise<Buffer> => {
    const placeholder = 'x'.repeat(Buffer.byteLength(name));
    const made = await zip((archive) => archive.append('boo', { name: placeholder }));
    return Buffer.from(
      made.toString('latin1').replaceAll(placeholder, Buffer.from(name).toString('latin1')),
      'latin1',
    );
  };
  const service = (folder: string) => (archive: ZipArchive) => {
    archive.append('hello', { name: `${folder}src/main.txt` });
    archive.append('#!/bin/sh\n', { name: `${folder}run.sh`, mode: 0o755 });
    archive.append('node_modules/\n', { name: `${folder}.gitignore` });
    archive.append('junk', { name: `${folder}node_modules/junk.js` });
  };
  const completes = async (uploadId: string): Promise<void> => {
    const id = await createRun(api.member, 'checks', {
      auto_advance: true,
      repository: { upload: uploadId },
    });
    const ended = await runUntil(api.member, id, ({ status }) => status !== 'running');
    expect({ status: ended.status, error: phaseOf(ended, 'check').error }).toEqual({
      status: 'completed',
      error: null,
    });
  };

  it.each(['', 'service-main/'])(
    'as a ZIP archive is what a run works on, in the folder "%s"',
    async (folder) => {
      const { status, body } = await upload(await zip(service(folder)));
      expect(status).toBe(201);
      await completes(body.upload_id);
    },
  );

  it('as a Git bundle is what a run works on, with its history', async () => {
    const folder = makeRepository(join(api.folder, 'source'), { 'src/main.txt': 'first', 'run.sh': '' });
    writeFiles(folder, { 'src/main.txt': 'hello' });
    chmodSync(join(folder, 'run.sh'), 0o755);
    git(folder, 'commit', '--quiet', '--all', '--message=Second');
    git(folder, 'bundle', 'create', '--quiet', 'out.bundle', 'HEAD');
    const { status, body } = await upload(readFileSync(join(folder, 'out.bundle')));
    expect({ status, commit: body.commit }).toEqual({
      status: 201,
      commit: git(folder, 'rev-parse', 'HEAD'),
    });
    await completes(body.upload_id);
  });

  it('is its owner’s alone, and one of the ways to name a repository', async () => {
    const { body } = await upload(await zip(service('')));
    const asked = { profile: 'checks', repository: { upload: body.upload_id } };
    const strange = await api.otherMember.post<Uploaded>('/runs', asked);
    expect(strange).toMatchObject({ status: 400, body: { code: 'repository_not_found' } });
    for (const more of [{ url: 'https://example.org/x.git' }, { ref: 'main' }]) {
      const both = { ...asked, repository: { ...asked.repository, ...more } };
      expect((await api.member.post<Uploaded>('/runs', both)).status).toBe(400);
    }
    expect((await upload(await zip(service('')), api.viewer)).status).toBe(403);
  });

  it.each([
    '../../evil',
    '/etc/evil',
    'a/../../evil',
    'a\\..\\evil',
    'C:/evil',
    '.git/config',
    'a/.GIT/hooks/x',
    'git~1/config',
  ])('with an entry %j is refused, and nothing of it is left', async (name) => {
    const { status, body } = await upload(await hostile(name));
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'archive_not_readable' });
  });

  it('with a symbolic link is refused', async () => {
    const made = await zip((archive) => archive.symlink('passwd', '/etc/passwd'));
    expect(await upload(made)).toMatchObject({ status: 400, body: { code: 'archive_not_readable' } });
  });

  it('that unpacks to more than it may is refused by what it says, and by what it really holds', async () => {
    const made = await zip((archive) => archive.append(Buffer.alloc(1000), { name: 'zeros' }));
    // The size of the first entry, in the central directory and in front of the data.
    const says = (bytes: number): Buffer => {
      const changed = Buffer.from(made);
      changed.writeUInt32LE(bytes, changed.indexOf('PK\u0001\u0002') + 24);
      return changed;
    };
    expect(await upload(says(0x7fff_ffff))).toMatchObject({
      status: 413,
      body: { code: 'archive_too_large' },
    });
    expect(await upload(says(10))).toMatchObject({ status: 400, body: { code: 'archive_not_readable' } });
  });

  it('that is neither archive nor bundle, cut off, or empty is refused in a sentence', async () => {
    const made = await zip(service(''));
    for (const content of [Buffer.from('hello'), Buffer.alloc(0), made.subarray(0, made.length - 30)]) {
      const { status, body } = await upload(content);
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'archive_not_readable' });
    }
    const bundle = await upload(Buffer.from('# v2 git bundle\n'));
    expect(bundle).toMatchObject({ status: 400, body: { code: 'bundle_not_readable' } });
  });

  it('is forgotten after a week, unless a run was created with it', async () => {
    const used = (await upload(await zip(service('')))).body.upload_id;
    const unused = (await upload(await zip(service('b/')))).body.upload_id;
    await createRun(api.member, 'checks', { repository: { upload: used } });
    await api.app.get(RetentionService, { strict: false }).round(new Date(Date.now() + 8 * DAY_MS));
    const { dataSource } = api.database;
    const rows = await dataSource.query<{ id: string }[]>(
      'SELECT id FROM repository_uploads WHERE id = ANY($1)',
      [[used, unused]],
    );
    expect(rows).toEqual([{ id: used }]);
    await completes(used);
  });
});
