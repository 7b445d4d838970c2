import { realpath } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { DomainError } from '../../problems/domain-error.js';

/** Where a run's repository comes from. `ref` null is the repository's HEAD. */
export type RepositorySource =
  | { readonly kind: 'empty' }
  | { readonly kind: 'path'; readonly path: string; readonly ref: string | null }
  | { readonly kind: 'url'; readonly url: string; readonly ref: string | null }
  /** A Git bundle of ours, whose HEAD is the commit. */
  | { readonly kind: 'bundle'; readonly open: () => Promise<Readable> };

const REF = /^(?!-)(?!.*\.\.)[^\s~^:?*[\\\u0000-\u001f\u007f]{1,255}$/u;

/**
 * The real folder behind a path that a user named.
 * @throws DomainError `repository_not_allowed` (400) outside every root, `repository_not_found` (400) where nothing is.
 */
export async function allowedFolder(path: string, roots: readonly string[]): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) throw notAllowed('a repository path must be absolute');
  // Judged by name before the disk is asked, so that the answer tells nothing about what lies outside the roots.
  const realRoots = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))));
  if (![...roots, ...realRoots].some((root) => isInside(resolve(path), resolve(root)))) throw outside();
  const real = await realpath(path).catch(() => null);
  if (real === null) throw repositoryNotFound(`No folder ${JSON.stringify(path)} on this server`);
  if (!realRoots.some((root) => isInside(real, root))) throw outside();
  return real;
}

/** @throws DomainError `repository_not_allowed` (400) for anything but a plain https URL. */
export function allowedUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.protocol !== 'https:') throw notAllowed('only https:// URLs are fetched');
  if (parsed.username !== '' || parsed.password !== '') {
    throw notAllowed('a repository URL must not carry a user name or password');
  }
  return parsed;
}

/** @throws DomainError `ref_not_found` (400) for text that can name no branch, tag or commit. */
export function allowedRef(ref: string | null): string {
  if (ref === null) return 'HEAD';
  if (!REF.test(ref)) throw refNotFound(ref);
  return ref;
}

export const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
};

export const repositoryNotFound = (detail: string): DomainError =>
  new DomainError(400, 'repository_not_found', detail);

export const refNotFound = (ref: string): DomainError =>
  new DomainError(400, 'ref_not_found', `The repository has no branch, tag or commit ${JSON.stringify(ref)}`);

export const notAllowed = (why: string): DomainError =>
  new DomainError(400, 'repository_not_allowed', `This repository may not be used: ${why}`);

const outside = (): DomainError =>
  notAllowed('its folder lies outside the folders named in REPOSITORY_ROOTS');
