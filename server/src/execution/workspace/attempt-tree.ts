import { appendFile, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../artifacts/system-error.js';
import { failure } from '../executors/outcome.js';
import type { StepFailure } from '../executors/executor.js';
import { RUN_BRANCH } from './git-names.js';
import { IDENTITY } from './git-environment.js';
import { gitFailed } from './git.js';
import type { Git } from './git.js';

export type OpenedTree =
  | { readonly kind: 'opened'; readonly commit: string }
  | { readonly kind: 'failed'; readonly failure: StepFailure };

/** Who commits in a step's work tree, where the step does not say otherwise. */
const STEP_CONFIG = `[user]\n\tname = ${IDENTITY.name}\n\temail = ${IDENTITY.email}\n`;

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
  await appendFile(join(folder, '.git/config'), STEP_CONFIG);
  await copyTags(git, repo, folder);
  await git.text(['reset', '--quiet', '--hard', commit], { cwd: folder });
}

async function copyTags(git: Git, repo: string, folder: string): Promise<void> {
  const format = '--format=create %(refname) %(objectname)';
  const tags = await git.text(['for-each-ref', format, 'refs/tags'], { cwd: repo });
  if (tags !== '') await git.text(['update-ref', '--stdin'], { cwd: folder, input: `${tags}\n` });
}

/** Those of several commits that no other of them contains: what is left to merge. */
export async function leavesOf(
  git: Git,
  repo: string,
  commits: readonly string[],
): Promise<readonly string[]> {
  if (commits.length === 1) return commits;
  return (await git.text(['merge-base', '--independent', ...commits], { cwd: repo })).split('\n');
}

/**
 * Makes a folder a work tree at the merge of commits of the run's repository, of which none contains another, and
 * keeps where it stands under a ref there. Commits that contradict each other are the failure `merge_conflict`.
 */
export async function openTree(
  git: Git,
  repo: string,
  folder: string,
  leaves: readonly string[],
  ref: string,
): Promise<OpenedTree> {
  const [first = '', ...others] = leaves;
  if (first === '') throw new Error('A work tree needs a commit to start from');
  await createTree(git, repo, folder, first);
  if (others.length === 0) {
    await git.text(['update-ref', ref, first], { cwd: repo });
    return { kind: 'opened', commit: first };
  }
  const failed = await mergeInto(git, folder, others);
  if (failed !== null) return { kind: 'failed', failure: failed };
  return { kind: 'opened', commit: await keepHead(git, repo, folder, ref) };
}

async function mergeInto(git: Git, folder: string, commits: readonly string[]): Promise<StepFailure | null> {
  for (const commit of commits) {
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
async function keepHead(git: Git, repo: string, folder: string, ref: string): Promise<string> {
  await git.text(fetchHead(folder, ref), { cwd: repo });
  return git.text(['rev-parse', '--verify', ref], { cwd: repo });
}

/** Arguments that fetch what a work tree stands at into a ref. */
export const fetchHead = (folder: string, ref: string): readonly string[] => [
  'fetch',
  '--quiet',
  '--no-write-fetch-head',
  '--no-tags',
  join(folder, '.git'),
  `+HEAD:${ref}`,
];

function mergeConflict(files: readonly string[]): StepFailure {
  const named = files.slice(0, 20).map((file) => JSON.stringify(file));
  const rest = files.length > named.length ? ` and ${files.length - named.length} more` : '';
  return failure('merge_conflict', `Parallel steps changed the same places of ${named.join(', ')}${rest}`);
}
