import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { RunWorkspaces } from '../../src/execution/workspace/run-workspace.js';
import { git, makeRepository, temporaryFolder, workspaceSettings, writeFiles } from './repositories.js';

describe('step workspace', () => {
  let base: string;
  let workspaces: RunWorkspaces;
  let runId: string;
  let start: string;

  beforeEach(async () => {
    base = temporaryFolder();
    makeRepository(join(base, 'sources/a'), { 'a.txt': 'one\n', 'b.txt': 'one\n', '.gitignore': 'cache/\n' });
    workspaces = new RunWorkspaces(workspaceSettings(base));
    runId = uuid();
    const source = { kind: 'path', path: join(base, 'sources/a'), ref: null } as const;
    start = (await workspaces.prepare(runId, source)).baseCommit;
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  async function open(
    stepAttemptId: string,
    ...commits: string[]
  ): Promise<{ workspace: string; startCommit: string }> {
    const opened = await workspaces.openAttempt(
      runId,
      stepAttemptId,
      commits.length === 0 ? [start] : commits,
    );
    if (opened.kind === 'failed') throw new Error(opened.failure.message);
    return opened;
  }

  /** A step that writes files and leaves them for the server to commit. */
  async function step(files: Readonly<Record<string, string>>, ...from: string[]): Promise<string> {
    const id = uuid();
    const { workspace } = await open(id, ...from);
    writeFiles(workspace, files);
    return (await workspaces.commitAttempt(runId, id, 'Step')).commit;
  }

  const read = async (commit: string, path: string): Promise<string | undefined> =>
    (await workspaces.readFile(runId, commit, path, 1000))?.toString('utf8');

  const paths = async (commit: string): Promise<string[]> =>
    (await workspaces.listFiles(runId, commit)).map((file) => file.path);

  describe('the workspace of a step', () => {
    it('is the work tree of the commit it starts from, on a branch and with an identity', async () => {
      const { workspace, startCommit } = await open(uuid());
      expect(startCommit).toBe(start);
      expect(readFileSync(join(workspace, 'a.txt'), 'utf8')).toBe('one\n');
      expect(git(workspace, 'status', '--porcelain')).toBe('');
      expect(git(workspace, 'branch', '--show-current')).toBe('orchestrator/run');
      expect(execFileSync('git', ['config', 'user.email'], { cwd: workspace, encoding: 'utf8' })).toBe(
        'orchestrator@localhost\n',
      );
    });

    it('is clean again when it is opened again after a half-done try', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      writeFiles(workspace, { 'a.txt': 'half', 'new/x': 'half' });
      mkdirSync(join(workspace, 'locked'), { mode: 0o500 });
      await open(id);
      expect(readFileSync(join(workspace, 'a.txt'), 'utf8')).toBe('one\n');
      expect(readdirSync(workspace).sort()).toEqual(['.git', '.gitignore', 'a.txt', 'b.txt']);
    });

    it('cannot change what another step of the run sees, whatever it does to its .git', async () => {
      const first = await open(uuid());
      git(first.workspace, 'config', 'core.hooksPath', '/tmp');
      git(first.workspace, 'checkout', '--quiet', '-b', 'mine');
      git(first.workspace, 'stash', 'list');
      const second = await open(uuid());
      expect(git(second.workspace, 'branch', '--format=%(refname:short)')).toBe('orchestrator/run');
      expect(git(second.workspace, 'config', '--local', '--list')).not.toContain('hookspath');
    });

    it('brings the tags of the source along', async () => {
      git(join(base, 'sources/a'), 'tag', 'v1');
      runId = uuid();
      await workspaces.prepare(runId, { kind: 'path', path: join(base, 'sources/a'), ref: null });
      const { workspace } = await open(uuid());
      expect(git(workspace, 'describe', '--tags')).toBe('v1');
    });

    it('is gone after it was closed, while its commit stays', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      writeFiles(workspace, { 'a.txt': 'two\n' });
      const { commit } = await workspaces.commitAttempt(runId, id, 'Step');
      await workspaces.closeAttempt(runId, id);
      expect(existsSync(workspace)).toBe(false);
      expect(await read(commit, 'a.txt')).toBe('two\n');
    });
  });

  describe('what a step leaves', () => {
    it('is its start commit where it changed nothing', async () => {
      expect(await step({})).toBe(start);
    });

    it('is one commit on top of the commits that the step made itself', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      writeFiles(workspace, { 'own.txt': 'own' });
      git(workspace, 'add', '--all');
      git(workspace, 'commit', '--quiet', '--message=Own');
      writeFiles(workspace, { 'left.txt': 'left' });
      rmSync(join(workspace, 'b.txt'));
      const { commit, warnings } = await workspaces.commitAttempt(
        runId,
        id,
        'Leftovers of ünïcode 🚀\n\nAnd more',
      );
      const log = git(workspaces.repository(runId), 'log', '--format=%s|%an', `${start}..${commit}`);
      expect(log).toBe('Leftovers of ünïcode 🚀|Orchestrator\nOwn|Tess');
      expect(await paths(commit)).toEqual(['.gitignore', 'a.txt', 'left.txt', 'own.txt']);
      expect(warnings).toEqual([]);
    });

    it('keeps the commits of a step that change, remove and rename files that were there', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      writeFiles(workspace, { 'a.txt': 'two\n', '.gitignore': 'cache/\nlogs/\n' });
      git(workspace, 'mv', 'b.txt', 'c.txt');
      git(workspace, 'commit', '-qam', 'Change');
      const { commit } = await workspaces.commitAttempt(runId, id, 'Step');
      expect(await read(commit, 'a.txt')).toBe('two\n');
      expect(await paths(commit)).toEqual(['.gitignore', 'a.txt', 'c.txt']);
    });

    it('keeps names with line ends, quotes and emoji, and leaves ignored files out', async () => {
      const names = ['line\nend.txt', 'quote".md', '🚀 ‮rtl.txt', '-dash', 'sub/*.x'];
      const commit = await step({
        ...Object.fromEntries(names.map((name) => [name, name])),
        'cache/x': 'ignored',
      });
      expect((await paths(commit)).sort()).toEqual(['.gitignore', 'a.txt', 'b.txt', ...names].sort());
      expect(await read(commit, 'line\nend.txt')).toBe('line\nend.txt');
    });

    it('keeps a symbolic link as a link and never the file behind it', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      symlinkSync('/etc/passwd', join(workspace, 'link'));
      symlinkSync('/etc', join(workspace, 'folder'));
      const { commit } = await workspaces.commitAttempt(runId, id, 'Links');
      const links = (await workspaces.listFiles(runId, commit)).filter((file) => file.kind === 'symlink');
      expect(links.map((file) => file.path)).toEqual(['folder', 'link']);
      expect(await read(commit, 'link')).toBe('/etc/passwd');
      const next = await open(uuid(), commit);
      expect(lstatSync(join(next.workspace, 'folder')).isSymbolicLink()).toBe(true);
    });

    it('is saved without obeying a filter, hook or monitor that the step set up', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      const marker = join(base, 'executed');
      git(workspace, 'config', 'filter.evil.clean', `touch ${marker}; cat`);
      git(workspace, 'config', 'core.fsmonitor', `touch ${marker}`);
      git(workspace, 'config', 'core.worktree', '/etc');
      writeFiles(workspace, { '.gitattributes': '* filter=evil\n', 'x.txt': 'x' });
      const { commit } = await workspaces.commitAttempt(runId, id, 'Step');
      expect(existsSync(marker)).toBe(false);
      expect(await read(commit, 'x.txt')).toBe('x');
    });

    it.each(['removed', 'replaced by an unrelated history'])(
      'is its files where its .git was %s',
      async (what) => {
        const id = uuid();
        const { workspace } = await open(id);
        writeFiles(workspace, { 'x.txt': 'x' });
        rmSync(join(workspace, '.git'), { recursive: true });
        if (what !== 'removed') makeRepository(workspace, {});
        const { commit, warnings } = await workspaces.commitAttempt(runId, id, 'Step');
        expect(await read(commit, 'x.txt')).toBe('x');
        expect(git(workspaces.repository(runId), 'rev-parse', `${commit}^`)).toBe(start);
        expect(warnings).toEqual([expect.stringContaining('its commits are not')]);
      },
    );

    it('is kept without a repository that was begun inside it, and says so', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      mkdirSync(join(workspace, 'inner'));
      git(join(workspace, 'inner'), 'init', '--quiet');
      writeFiles(workspace, { 'inner/x': 'x', 'y.txt': 'y' });
      execFileSync('mkfifo', [join(workspace, 'pipe')]);
      const { commit, warnings } = await workspaces.commitAttempt(runId, id, 'Step');
      expect(await paths(commit)).toEqual(['.gitignore', 'a.txt', 'b.txt', 'y.txt']);
      expect(warnings).toEqual([expect.stringContaining("'inner/' does not have a commit")]);
    });

    it('is refused when it is larger than the limit', async () => {
      const id = uuid();
      const { workspace } = await open(id);
      writeFileSync(join(workspace, 'large.bin'), Buffer.alloc(17 * 1024 * 1024));
      await expect(workspaces.commitAttempt(runId, id, 'Step')).rejects.toMatchObject({
        status: 413,
        code: 'workspace_too_large',
      });
    });
  });

  describe('the merge of parallel steps', () => {
    it('is what a step starts from that needs both', async () => {
      const left = await step({ 'a.txt': 'left\n' });
      const right = await step({ 'new.txt': 'right\n', 'b.txt': 'right\n' });
      const { workspace, startCommit } = await open(uuid(), left, right, start);
      expect(
        ['a.txt', 'b.txt', 'new.txt'].map((name) => readFileSync(join(workspace, name), 'utf8')),
      ).toEqual(['left\n', 'right\n', 'right\n']);
      expect(
        git(workspaces.repository(runId), 'log', '-1', '--format=%P', startCommit).split(' ').sort(),
      ).toEqual([left, right].sort());
    });

    it('makes no commit where one of them contains the others', async () => {
      const first = await step({ 'a.txt': 'two\n' });
      const second = await step({ 'b.txt': 'two\n' }, first);
      expect((await open(uuid(), start, second, first)).startCommit).toBe(second);
    });

    it('fails with the names of the files that contradict each other', async () => {
      const left = await step({ 'a.txt': 'left\n', 'odd\nname': 'left' });
      const right = await step({ 'a.txt': 'right\n', 'odd\nname': 'right', 'b.txt': 'fine\n' });
      const failure = {
        code: 'merge_conflict',
        retryable: false,
        message: expect.stringContaining('"a.txt", "odd\\nname"'),
      };
      expect(await workspaces.openAttempt(runId, uuid(), [left, right])).toMatchObject({
        kind: 'failed',
        failure,
      });
      expect(await workspaces.checkpoint(runId, 'plan', 1, [left, right])).toMatchObject({
        kind: 'failed',
        failure,
      });
      expect(readdirSync(join(base, 'workspaces', runId)).filter((name) => name.startsWith('merge'))).toEqual(
        [],
      );
    });
  });

  describe('a checkpoint', () => {
    it('merges the steps of a phase once, and moves the branch of the run', async () => {
      const commits = [await step({ 'a.txt': 'left\n' }), await step({ 'b.txt': 'right\n' })];
      const saved = await workspaces.checkpoint(runId, 'build', 1, commits);
      if (saved.kind === 'failed') throw new Error(saved.failure.message);
      expect(await read(saved.commit, 'a.txt')).toBe('left\n');
      expect(await read(saved.commit, 'b.txt')).toBe('right\n');
      expect(await workspaces.checkpoint(runId, 'build', 1, commits)).toEqual(saved);
      const repo = workspaces.repository(runId);
      expect(git(repo, 'rev-parse', 'orchestrator/run', 'refs/orchestrator/checkpoints/build/1')).toBe(
        `${saved.commit}\n${saved.commit}`,
      );
    });

    it('loses nothing to a collection of garbage', async () => {
      const commit = await step({ 'a.txt': 'two\n' });
      git(workspaces.repository(runId), 'gc', '--quiet', '--prune=now');
      expect(await read(commit, 'a.txt')).toBe('two\n');
    });
  });

  describe('the difference between two commits', () => {
    it('is a patch that can be applied, with binary files and odd names', async () => {
      const commit = await step({ 'a.txt': 'two\n', 'bin.dat': '\0\x01\x02', 'odd\n🚀': 'x' });
      const { patch, truncated } = await workspaces.diff(runId, start, commit, 1_000_000);
      const target = join(base, 'sources/a');
      execFileSync('git', ['apply', '--index'], { cwd: target, input: patch });
      expect(truncated).toBe(false);
      expect(git(target, 'write-tree')).toBe(
        git(workspaces.repository(runId), 'rev-parse', `${commit}^{tree}`),
      );
    });

    it('is cut at the limit and says so', async () => {
      const commit = await step({ 'long.txt': 'line\n'.repeat(100_000) });
      const { patch, truncated } = await workspaces.diff(runId, start, commit, 10_000);
      expect([patch.length, truncated]).toEqual([10_000, true]);
    });
  });

  describe('the files of a commit', () => {
    it('are read up to a limit, and are null where there is none', async () => {
      expect((await workspaces.readFile(runId, start, 'a.txt', 2))?.toString()).toBe('on');
      expect(await workspaces.readFile(runId, start, 'absent.txt', 2)).toBeNull();
      expect(await workspaces.listFiles(runId, start)).toContainEqual(
        expect.objectContaining({ path: 'a.txt', kind: 'file', sizeBytes: 4 }),
      );
    });

    it('are gone with the run', async () => {
      appendFileSync(join(base, 'workspaces', runId, 'left-over'), 'x');
      await workspaces.remove(runId);
      expect(readdirSync(join(base, 'workspaces'))).toEqual(['git.config']);
    });
  });
});
