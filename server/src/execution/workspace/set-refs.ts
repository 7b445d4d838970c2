import type { Git } from './git.js';

/**
 * Points several refs at one commit, all or none of them.
 * @param commit whatever names it: a hash, or a ref
 */
export async function setRefs(
  git: Git,
  repo: string,
  refs: readonly string[],
  commit: string,
): Promise<void> {
  const input = refs.map((ref) => `update ${ref} ${commit}\n`).join('');
  await git.text(['update-ref', '--stdin'], { cwd: repo, input });
}
