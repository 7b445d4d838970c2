import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { StepFailure } from '../executors/executor.js';
import { leavesOf, openTree } from './attempt-tree.js';
import { RUN_BRANCH, checkpointRef } from './git-names.js';
import type { Git } from './git.js';
import { removeTree } from './tree-removal.js';

export type SavedCheckpoint =
  | { readonly kind: 'saved'; readonly commit: string }
  | { readonly kind: 'failed'; readonly failure: StepFailure };

export interface CheckpointRequest {
  readonly phase: string;
  readonly attempt: number;
  readonly commits: readonly string[];
}

/** Merges the last commits of a phase attempt's steps into its checkpoint; the same attempt gives the same commit. */
export async function saveCheckpoint(
  git: Git,
  repo: string,
  runFolder: string,
  request: CheckpointRequest,
): Promise<SavedCheckpoint> {
  const ref = checkpointRef(request.phase, request.attempt);
  const known = await git.run(['rev-parse', '--verify', '--quiet', ref], { cwd: repo });
  const saved: SavedCheckpoint =
    known.exitCode === 0
      ? { kind: 'saved', commit: known.stdout.toString('utf8').trim() }
      : await mergeCommits(git, repo, join(runFolder, `merge-${uuid()}`), ref, request.commits);
  if (saved.kind === 'saved') {
    const input = [ref, `refs/heads/${RUN_BRANCH}`]
      .map((name) => `update ${name} ${saved.commit}\n`)
      .join('');
    await git.text(['update-ref', '--stdin'], { cwd: repo, input });
  }
  return saved;
}

/** Nothing is checked out where one commit contains all the others. */
async function mergeCommits(
  git: Git,
  repo: string,
  folder: string,
  ref: string,
  commits: readonly string[],
): Promise<SavedCheckpoint> {
  const leaves = await leavesOf(git, repo, commits);
  const [only = ''] = leaves;
  if (leaves.length === 1) return { kind: 'saved', commit: only };
  try {
    const opened = await openTree(git, repo, folder, leaves, ref);
    return opened.kind === 'failed' ? opened : { kind: 'saved', commit: opened.commit };
  } finally {
    await removeTree(folder);
  }
}
