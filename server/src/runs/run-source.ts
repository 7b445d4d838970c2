import type { Readable } from 'node:stream';
import type { RepositorySource as WorkspaceSource } from '../execution/workspace/repository-source.js';
import { DomainError, invalid } from '../problems/domain-error.js';
import type { RepositoryNeed } from '../workflow/domain/profile.js';
import type { RepositorySource } from './run-input.entity.js';

/** Opens the Git bundle of an uploaded repository. */
export type OpenUpload = (id: string) => Promise<Readable>;

/** Where a run's workspace comes from. */
export function workspaceSource(
  repository: RepositorySource | null,
  openUpload: OpenUpload,
): WorkspaceSource {
  if (repository === null) return { kind: 'empty' };
  const { url, path, ref, upload } = repository;
  if (upload) return { kind: 'bundle', open: () => openUpload(upload) };
  if (url !== null) return { kind: 'url', url, ref };
  if (path !== null) return { kind: 'path', path, ref };
  return { kind: 'empty' };
}

/** @throws DomainError 400 where what was given is not what the profile needs */
export function assertRepositoryFits(need: RepositoryNeed, repository: RepositorySource | null): void {
  const given = [repository?.url, repository?.path, repository?.upload].filter(Boolean);
  if (given.length > 1) {
    throw refuse('/repository', 'Give one of url, path and upload of the repository.');
  }
  if (repository?.upload && repository.ref) {
    throw refuse('/repository/ref', 'An uploaded repository has one commit to start from: leave ref out.');
  }
  if (need === 'required' && repository === null) {
    throw refuse('/repository', 'This profile works on a repository: give its url or path, or upload it.');
  }
  if (need === 'none' && repository !== null) {
    throw refuse('/repository', 'This profile does not work on a repository: leave it out.');
  }
}

/** A refusal of what was given, with a pointer to the field that it is about; anything else as it is. */
export function pointAtRepository(error: unknown, repository: RepositorySource | null): unknown {
  if (!(error instanceof DomainError) || error.status !== 400) return error;
  const place = repository?.upload ? 'upload' : repository?.url ? 'url' : 'path';
  const field = error.code === 'ref_not_found' ? 'ref' : place;
  const errors = [{ pointer: `/repository/${field}`, message: error.message }];
  return new DomainError(error.status, error.code, error.message, { ...error.extra, errors });
}

const refuse = (pointer: string, message: string): Error => invalid(message, [{ pointer, message }]);
