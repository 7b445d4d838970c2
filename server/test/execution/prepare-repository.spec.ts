import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { RunWorkspaces } from '../../src/execution/workspace/run-workspace.js';
import { git, makeRepository, temporaryFolder, workspaceSettings } from './repositories.js';

describe('prepare repository', () => {
  let base: string;
  let workspaces: RunWorkspaces;
  const runId = uuid();

  beforeEach(() => {
    base = temporaryFolder();
    mkdirSync(join(base, 'sources'));
    workspaces = new RunWorkspaces(workspaceSettings(base));
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const path = (name: string, ref: string | null = null) =>
    ({ kind: 'path', path: join(base, 'sources', name), ref }) as const;

  describe('the repository of a run', () => {
    it('starts at the commit that HEAD names', async () => {
      const source = makeRepository(join(base, 'sources/a'), { 'a.txt': 'one' });
      const { baseCommit } = await workspaces.prepare(runId, path('a'));
      expect(baseCommit).toBe(git(source, 'rev-parse', 'HEAD'));
    });

    it.each(['branch', 'v1', 'short commit'])('starts at a named %s', async (kind) => {
      const source = makeRepository(join(base, 'sources/a'), { 'a.txt': 'one' });
      const wanted = git(source, 'rev-parse', 'HEAD');
      git(source, 'branch', 'branch');
      git(source, 'tag', '--annotate', '--message=v1', 'v1');
      git(source, 'commit', '--quiet', '--allow-empty', '--message=Second');
      const ref = kind === 'short commit' ? wanted.slice(0, 9) : kind;
      expect((await workspaces.prepare(runId, path('a', ref))).baseCommit).toBe(wanted);
    });

    it('stays the same when it is prepared again, although the source went on', async () => {
      const source = makeRepository(join(base, 'sources/a'), { 'a.txt': 'one' });
      const first = await workspaces.prepare(runId, path('a'));
      git(source, 'commit', '--quiet', '--allow-empty', '--message=Second');
      expect(await workspaces.prepare(runId, path('a'))).toEqual(first);
    });

    it('is made once by simultaneous calls, and leaves nothing half-done', async () => {
      makeRepository(join(base, 'sources/a'), { 'a.txt': 'one' });
      const answers = await Promise.all([1, 2, 3].map(() => workspaces.prepare(runId, path('a'))));
      expect(new Set(answers.map((answer) => answer.baseCommit)).size).toBe(1);
      expect(readdirSync(join(base, 'workspaces', runId))).toEqual(['repo.git']);
    });

    it('gets a commit without files where the run has no repository, or one without commits', async () => {
      mkdirSync(join(base, 'sources/new'));
      git(join(base, 'sources/new'), 'init', '--quiet');
      for (const source of [{ kind: 'empty' }, path('new')] as const) {
        const id = uuid();
        const { baseCommit } = await workspaces.prepare(id, source);
        expect(await workspaces.listFiles(id, baseCommit)).toEqual([]);
      }
    });

    it('takes a shallow clone and a work tree of another repository', async () => {
      const source = makeRepository(join(base, 'sources/a'), { 'a.txt': 'one' });
      git(source, 'commit', '--quiet', '--allow-empty', '--message=Second');
      git(base, 'clone', '--quiet', '--depth=1', `file://${source}`, join(base, 'sources/shallow'));
      git(source, 'worktree', 'add', '--quiet', join(base, 'sources/tree'));
      const head = git(source, 'rev-parse', 'HEAD');
      for (const name of ['shallow', 'tree']) {
        const id = uuid();
        expect((await workspaces.prepare(id, path(name))).baseCommit).toBe(head);
        expect((await workspaces.openAttempt(id, uuid(), [head])).kind).toBe('opened');
      }
    });

    it('runs no hook, filter or monitor that the source is set up with', async () => {
      const source = makeRepository(join(base, 'sources/a'), {
        '.gitattributes': '* filter=evil\n',
        'a.txt': 'one',
      });
      const marker = join(base, 'executed');
      git(source, 'config', 'core.fsmonitor', `touch ${marker}`);
      git(source, 'config', 'filter.evil.smudge', `touch ${marker}; cat`);
      git(source, 'config', 'uploadpack.packObjectsHook', `touch ${marker}; false`);
      writeFileSync(join(source, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${marker}\n`, {
        mode: 0o755,
      });
      const { baseCommit } = await workspaces.prepare(runId, path('a'));
      await workspaces.openAttempt(runId, uuid(), [baseCommit]);
      expect(readdirSync(base)).not.toContain('executed');
    });
  });

  describe('a repository that cannot be used', () => {
    it('is refused outside the allowed folders, however the path is written', async () => {
      makeRepository(join(base, 'outside'), { 'a.txt': 'one' });
      symlinkSync(join(base, 'outside'), join(base, 'sources/link'));
      for (const wanted of [
        join(base, 'outside'),
        join(base, 'sources/../outside'),
        join(base, 'sources/link'),
        'sources',
      ]) {
        const source = { kind: 'path', path: wanted, ref: null } as const;
        await expect(workspaces.prepare(runId, source)).rejects.toMatchObject({
          code: 'repository_not_allowed',
        });
        await expect(workspaces.check(source)).rejects.toMatchObject({ code: 'repository_not_allowed' });
      }
    });

    it('is refused where a work tree inside keeps its Git folder outside', async () => {
      makeRepository(join(base, 'outside'), { 'a.txt': 'one' });
      mkdirSync(join(base, 'sources/pointer'));
      writeFileSync(join(base, 'sources/pointer/.git'), `gitdir: ${join(base, 'outside/.git')}\n`);
      await expect(workspaces.prepare(runId, path('pointer'))).rejects.toMatchObject({
        code: 'repository_not_allowed',
      });
    });

    it('is not found where there is no folder, no Git, or only a file', async () => {
      mkdirSync(join(base, 'sources/plain'));
      writeFileSync(join(base, 'sources/file'), '');
      for (const name of ['absent', 'plain', 'file']) {
        await expect(workspaces.prepare(runId, path(name))).rejects.toMatchObject({
          status: 400,
          code: 'repository_not_found',
        });
      }
    });

    it('is not found in a folder of a repository that lies above it', async () => {
      makeRepository(join(base, 'sources/a'), { 'sub/a.txt': 'one' });
      await expect(workspaces.prepare(runId, path('a/sub'))).rejects.toMatchObject({
        code: 'repository_not_found',
      });
    });

    it.each(['nope', '--upload-pack=touch x', 'a b', 'main:refs/heads/x', '..', 'a\nb'])(
      'has no ref %j',
      async (ref) => {
        makeRepository(join(base, 'sources/a'), { 'a.txt': 'one' });
        await expect(workspaces.prepare(runId, path('a', ref))).rejects.toMatchObject({
          code: 'ref_not_found',
        });
      },
    );

    it('is too large past the limit, and leaves nothing behind', async () => {
      makeRepository(join(base, 'sources/a'), {
        'a.txt': Array.from({ length: 20_000 }, Math.random).join('\n'),
      });
      const settings = workspaceSettings(base);
      const small = new RunWorkspaces({
        ...settings,
        limits: { ...settings.limits, maxRepositoryBytes: 50_000 },
      });
      await expect(small.prepare(runId, path('a'))).rejects.toMatchObject({
        status: 413,
        code: 'repository_too_large',
      });
      expect(readdirSync(join(base, 'workspaces', runId))).toEqual([]);
    });

    it.each([
      'http://example.org/a',
      'file:///etc',
      'ssh://git@example.org/a',
      'ext::sh -c id',
      'https://u:p@example.org/a',
      '-x',
    ])('is refused by the URL %s', async (url) => {
      const source = { kind: 'url', url, ref: null } as const;
      await expect(workspaces.prepare(runId, source)).rejects.toMatchObject({
        code: 'repository_not_allowed',
      });
    });

    it.each([
      'https://127.0.0.1/a',
      'https://[::1]/a',
      'https://2130706433/a',
      'https://localhost/a',
      'https://169.254.169.254/a',
    ])('is refused on the private address %s', async (url) => {
      const source = { kind: 'url', url, ref: null } as const;
      await expect(workspaces.prepare(runId, source)).rejects.toMatchObject({
        code: 'repository_not_allowed',
      });
    });

    it('is not found where the host does not exist', async () => {
      const source = { kind: 'url', url: 'https://nowhere.invalid/a.git', ref: null } as const;
      await expect(workspaces.prepare(runId, source)).rejects.toMatchObject({ code: 'repository_not_found' });
    });

    it('is a clear error without a Git program', async () => {
      const without = new RunWorkspaces(
        workspaceSettings(base, { environment: { PATH: join(base, 'sources') } }),
      );
      await expect(without.prepare(runId, { kind: 'empty' })).rejects.toMatchObject({
        status: 503,
        code: 'git_missing',
      });
    });

    it('takes no id that is none of a run', async () => {
      await expect(workspaces.prepare('../../etc', { kind: 'empty' })).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });
});
