import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../artifacts/system-error.js';
import { failure } from '../executors/outcome.js';
import type { StepFailure } from '../executors/executor.js';
import { RUN_BRANCH } from './git-names.js';
import { IDENTITY } from './git-environment.js';
import { gitFailed } from './git.js';
import type { Git } from './git.js';

/**
 * Makes a folder a work tree of its own at a commit of the run's repository. It reads the run's objects
 * through Git's alternates and shares nothing else, so what a step does to its `.git` stays in its attempt.
 */
async function createTree(git: Git, repo: string, folder: string, commit: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git.text(['init', '--quiet', `--initial-branch=${RUN_BRANCH}`], { cwd: folder });
  await writeFile(join(folder, '.git/objects/info/alternates'), `${join(repo, 'objects')}\n`);
  await copyFile(join(repo, 'shallow'), join(folder, '.git/shallow')).catch((error: unknown) => {
    // ENOENT: the source had its whole history.
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  });
  await git.text(['fetch', '--quiet', '--no-write-fetch-head', repo, 'refs/tags/*:refs/tags/*'], {
    cwd: folder,
  });
  await git.text(['config', 'user.name', IDENTITY.name], { cwd: folder });
  await git.text(['config', 'user.email', IDENTITY.email], { cwd: folder });
  await git.text(['reset', '--quiet', '--hard', commit], { cwd: folder });
}

/**
 * Makes a folder a work tree at the merge of several commits of the run's repository.
 * @returns the failure `merge_conflict` where they contradict each other; null where all went well
 */
export async function createTreeFrom(
  git: Git,
  repo: string,
  folder: string,
  commits: readonly string[],
): Promise<StepFailure | null> {
  // Commits that others already contain have nothing to merge.
  const leaves = await git.text(['merge-base', '--independent', ...commits], { cwd: repo });
  const [first = '', ...others] = leaves.split('\n');
  if (first === '') throw new Error('A work tree needs a commit to start from');
  await createTree(git, repo, folder, first);
  for (const commit of others) {
    const message = 'Merge the work of parallel steps';
    const merge = await git.run(['merge', '--quiet', '--no-ff', '-m', message, commit], { cwd: folder });
    if (merge.exitCode === 0) continue;
    const unmerged = await git.text(['diff', '--name-only', '--diff-filter=U', '-z'], { cwd: folder });
    const files = unmerged.split('\0').filter((name) => name !== '');
    // Without a file in conflict it was no conflict but a merge that did not work at all.
    if (files.length === 0) throw gitFailed(['merge'], merge);
    return mergeConflict(files);
  }
  return null;
}

/** Brings the commit that a work tree stands at into the run's repository, under a ref. */
export async function keepHead(git: Git, repo: string, folder: string, ref: string): Promise<string> {
  const args = [
    'fetch',
    '--quiet',
    '--no-write-fetch-head',
    '--no-tags',
    join(folder, '.git'),
    `+HEAD:${ref}`,
  ];
  await git.text(args, { cwd: repo });
  return git.text(['rev-parse', '--verify', ref], { cwd: repo });
}

function mergeConflict(files: readonly string[]): StepFailure {
  const named = files.slice(0, 20).map((file) => JSON.stringify(file));
  const rest = files.length > named.length ? ` and ${files.length - named.length} more` : '';
  return failure('merge_conflict', `Parallel steps changed the same places of ${named.join(', ')}${rest}`);
}
