import type { RepositorySource as WorkspaceSource } from '../execution/workspace/repository-source.js';
import { DomainError, invalid } from '../problems/domain-error.js';
import type { RepositoryNeed } from '../workflow/domain/profile.js';
import type { RepositorySource } from './run-input.entity.js';

/** Where a run's workspace comes from. */
export function workspaceSource(repository: RepositorySource | null): WorkspaceSource {
  if (repository === null) return { kind: 'empty' };
  const { url, path, ref } = repository;
  if (url !== null) return { kind: 'url', url, ref };
  if (path !== null) return { kind: 'path', path, ref };
  return { kind: 'empty' };
}

/** @throws DomainError 400 where what was given is not what the profile needs */
export function assertRepositoryFits(need: RepositoryNeed, repository: RepositorySource | null): void {
  if (repository?.url && repository.path) {
    throw refuse('/repository', 'Give either a url or a path of the repository, not both.');
  }
  if (need === 'required' && repository === null) {
    throw refuse('/repository', 'This profile works on a repository: give its url or path.');
  }
  if (need === 'none' && repository !== null) {
    throw refuse('/repository', 'This profile does not work on a repository: leave it out.');
  }
}

/** A refusal of what was given, with a pointer to the field that it is about; anything else as it is. */
export function pointAtRepository(error: unknown, repository: RepositorySource | null): unknown {
  if (!(error instanceof DomainError) || error.status !== 400) return error;
  const field = error.code === 'ref_not_found' ? 'ref' : repository?.url ? 'url' : 'path';
  const errors = [{ pointer: `/repository/${field}`, message: error.message }];
  return new DomainError(error.status, error.code, error.message, { ...error.extra, errors });
}

const refuse = (pointer: string, message: string): Error => invalid(message, [{ pointer, message }]);
