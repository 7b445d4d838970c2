import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../problems/domain-error.js';
import { fetchHead } from './attempt-tree.js';
import { attemptRef, startRef } from './git-names.js';
import { gitFailed } from './git.js';
import type { Git, GitCall } from './git.js';

export interface AttemptFolders {
  readonly repo: string;
  readonly workspace: string;
  /** The index as it was when the step started, kept where the step does not work. */
  readonly index: string;
}

export interface AttemptCommit {
  readonly commit: string;
  /** What could not be kept, for the step's log. */
  readonly warnings: readonly string[];
}

/**
 * Saves what a step left: its own commits, and on top of them whatever it did not commit.
 * Works from the run's repository, so nothing in the step's `.git` (filters, hooks, settings) is obeyed.
 * @throws DomainError `workspace_too_large` (413) when new and changed files pass `maxBytes` in all
 */
export async function saveAttempt(
  git: Git,
  folders: AttemptFolders,
  stepAttemptId: string,
  message: string,
  maxBytes: number,
): Promise<AttemptCommit> {
  const env = { GIT_DIR: folders.repo, GIT_WORK_TREE: folders.workspace, GIT_INDEX_FILE: folders.index };
  const inTree = { cwd: folders.workspace, env };
  const head = await stepHead(git, folders, stepAttemptId);
  if (head.moved) await git.text(['read-tree', '--reset', head.commit], inTree);
  const changed = await changedFiles(git, inTree);
  await refuseTooLarge(folders.workspace, changed, maxBytes);
  const rest = changed.length === 0 ? null : await commitRest(git, inTree, head, message);
  const commit = rest?.commit ?? head.commit;
  if (commit !== head.fetched)
    await git.text(['update-ref', attemptRef(stepAttemptId), commit], { cwd: folders.repo });
  return { commit, warnings: [...head.warnings, ...(rest?.warnings ?? [])] };
}

/** A commit of what the step changed and did not commit; the head itself where all of that is kept out. */
async function commitRest(
  git: Git,
  inTree: GitCall,
  head: StepHead,
  message: string,
): Promise<AttemptCommit> {
  const add = await git.run(['add', '--all', '--ignore-errors'], inTree);
  // 1: some files could not be read; the others were added.
  if (add.exitCode > 1) throw gitFailed(['add'], add);
  const tree = await git.text(['write-tree'], inTree);
  const commit =
    tree === head.tree
      ? head.commit
      : await git.text(['commit-tree', tree, '-p', head.commit, '-F', '-'], { ...inTree, input: message });
  return { commit, warnings: notAdded(add.stderr) };
}

interface StepHead extends AttemptCommit {
  readonly tree: string;
  /** Whether it is another commit than the step was given. */
  readonly moved: boolean;
  /** What the attempt's ref points to; null where nothing could be fetched. */
  readonly fetched: string | null;
}

/** The step's HEAD, where it grew out of the commit that the step was given; otherwise that commit. */
async function stepHead(
  git: Git,
  { repo, workspace }: AttemptFolders,
  stepAttemptId: string,
): Promise<StepHead> {
  const ref = attemptRef(stepAttemptId);
  const { exitCode } = await git.run(fetchHead(workspace, ref), { cwd: repo });
  const start = await commitAndTree(git, repo, startRef(stepAttemptId));
  const head = exitCode === 0 ? await commitAndTree(git, repo, ref) : null;
  if (head !== null && (await contains(git, repo, head.commit, start.commit)))
    return { ...head, moved: head.commit !== start.commit, fetched: head.commit, warnings: [] };
  const warning = 'the history of the workspace was replaced: its files are kept, its commits are not';
  return { ...start, moved: false, fetched: head?.commit ?? null, warnings: [warning] };
}

async function commitAndTree(git: Git, repo: string, ref: string): Promise<{ commit: string; tree: string }> {
  const both = await git.text(['rev-parse', `${ref}^{commit}`, `${ref}^{tree}`], { cwd: repo });
  const [commit = '', tree = ''] = both.split('\n');
  return { commit, tree };
}

async function contains(git: Git, repo: string, commit: string, earlier: string): Promise<boolean> {
  if (commit === earlier) return true;
  return (await git.run(['merge-base', '--is-ancestor', earlier, commit], { cwd: repo })).exitCode === 0;
}

/** Files that are new or not as in the index; deleted ones too. */
async function changedFiles(git: Git, inTree: GitCall): Promise<readonly string[]> {
  const listing = await git.text(['ls-files', '-z', '--others', '--modified', '--exclude-standard'], inTree);
  return listing.split('\0').filter((name) => name !== '');
}

async function refuseTooLarge(
  workspace: string,
  changed: readonly string[],
  maxBytes: number,
): Promise<void> {
  let size = 0;
  for (const name of changed) {
    size += await lstat(join(workspace, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );
  }
  if (size <= maxBytes) return;
  const detail = `The step left ${size} bytes of new and changed files in its workspace; the limit is ${maxBytes}`;
  throw new DomainError(413, 'workspace_too_large', detail);
}

function notAdded(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('error: ') || line.startsWith('warning: adding embedded'))
    .map((line) => `not kept by Git: ${line.replace(/^(error|warning): /, '')}`)
    .slice(0, 100);
}
