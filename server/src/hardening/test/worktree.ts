import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git } from '../git.js';

/**
 * Runs a job in a fresh work tree of a commit that is gone afterwards: what the job leaves behind never
 * reaches the step's own work tree.
 */
export async function inWorktree<T>(git: Git, commit: string, job: (git: Git) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'harden-tree-'));
  const root = join(folder, 'repository');
  try {
    await git.run(['worktree', 'add', '--quiet', '--detach', root, commit]);
    return await job(git.at(root));
  } finally {
    await git.try(['worktree', 'remove', '--force', '--force', root]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether a text is the id of a commit that is in the repository. */
export async function isCommit(git: Git, id: string | null): Promise<boolean> {
  if (id === null || !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(id)) return false;
  return (await git.try(['cat-file', '-e', `${id}^{commit}`])).code === 0;
}
