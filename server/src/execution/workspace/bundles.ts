import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../artifacts/system-error.js';
import { DomainError } from '../../problems/domain-error.js';
import type { Git } from './git.js';

/** The name under which a bundle of ours holds its commit. */
const BUNDLED_REF = 'HEAD';
const INCOMING_REF = 'refs/heads/incoming';

/** Writes the history of a commit into a file, without what the receiver has. */
export async function writeBundle(
  git: Git,
  folder: string,
  file: string,
  known: readonly string[],
): Promise<void> {
  const without = known.map((commit) => `^${commit}`);
  await git.text(['bundle', 'create', '--quiet', file, BUNDLED_REF, ...without], { cwd: folder });
}

/**
 * Reads a bundle of a server's into a fresh repository, under a ref.
 * @throws DomainError `bundle_not_readable` (400)
 */
export async function readBundle(git: Git, repo: string, file: string, ref: string): Promise<string> {
  return fetchCommit(git, repo, file, BUNDLED_REF, ref);
}

/**
 * Reads a bundle of somebody else's into a repository, under a ref. It is unpacked in a folder of its own, and fetched from
 * there: only a fetch between repositories checks every object, and what is refused is not left in the repository.
 * @param folder an empty one
 * @throws DomainError `bundle_not_readable` (400)
 */
export async function readForeignBundle(
  git: Git,
  repo: string,
  { file, folder }: { readonly file: string; readonly folder: string },
  ref: string,
): Promise<string> {
  await git.text(['init', '--quiet', '--bare'], { cwd: folder });
  await writeFile(join(folder, 'objects/info/alternates'), `${join(repo, 'objects')}\n`);
  await setShallow(folder, await shallowCommits(repo));
  await fetchCommit(git, folder, file, BUNDLED_REF, INCOMING_REF);
  return fetchCommit(git, repo, folder, INCOMING_REF, ref);
}

async function fetchCommit(git: Git, repo: string, from: string, name: string, ref: string): Promise<string> {
  const options = ['--quiet', '--no-write-fetch-head', '--no-tags', '--end-of-options'];
  const args = ['-c', 'fetch.fsckObjects=true', 'fetch', ...options, from, `+${name}:${ref}`];
  if ((await git.run(args, { cwd: repo })).exitCode !== 0) throw bundleNotReadable();
  return git.text(['rev-parse', '--verify', `${ref}^{commit}`], { cwd: repo });
}

/** Commits whose parents a repository does not have, because its source did not. */
export async function shallowCommits(repo: string): Promise<string[]> {
  const text = await readFile(join(repo, 'shallow'), 'utf8').catch((error: unknown) => {
    // ENOENT: the source had its whole history.
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').filter((line) => line !== '');
}

/** Tells a fresh repository where its history ends. */
export async function setShallow(repo: string, commits: readonly string[]): Promise<void> {
  if (commits.length > 0) await writeFile(join(repo, 'shallow'), `${commits.join('\n')}\n`);
}

export const bundleNotReadable = (): DomainError =>
  new DomainError(
    400,
    'bundle_not_readable',
    'This is no Git bundle with HEAD that builds on the commit which the step was given.',
  );
