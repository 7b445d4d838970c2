import type { RemedyId } from '../domain/finding.js';
import type { Repository } from '../repository.js';
import { findSecrets } from '../secrets.js';

/** A change of one file; content null removes it. */
export interface FileChange {
  readonly path: string;
  readonly content: Buffer | string | null;
}

/** A place that a remedy does not touch, and why. */
export interface LeftAlone {
  readonly path: string | null;
  readonly reason: string;
}

export interface Proposal {
  readonly changes: readonly FileChange[];
  readonly leftAlone: readonly LeftAlone[];
}

/** A safe automatic change. Proposing reads only; what it proposes is applied and verified elsewhere. */
export interface Remedy {
  readonly id: RemedyId;
  /** Subject of the commit, in the imperative. */
  readonly title: string;
  /** Body of the commit: why the change is good and why it is safe. */
  readonly reason: string;
  propose(repository: Repository): Promise<Proposal>;
}

export const nothing: Proposal = { changes: [], leftAlone: [] };

/** A proposal that leaves everything as it is, with the reason. */
export const leave = (path: string | null, reason: string): Proposal => ({
  changes: [],
  leftAlone: [{ path, reason }],
});

/**
 * Asks a remedy what it would change and takes out the files in which there may be a secret: the patch
 * would carry the secret, and a patch cannot be redacted and still apply.
 */
export async function proposeSafely(remedy: Remedy, repository: Repository): Promise<Proposal> {
  const proposal = await remedy.propose(repository);
  const changes: FileChange[] = [];
  const leftAlone = [...proposal.leftAlone];
  for (const change of proposal.changes) {
    if (await holdsSecret(change, repository)) {
      leftAlone.push({ path: change.path, reason: 'it may contain a secret, which a patch would spread' });
    } else {
      changes.push(change);
    }
  }
  return { changes, leftAlone };
}

async function holdsSecret(change: FileChange, repository: Repository): Promise<boolean> {
  const file = repository.find(change.path);
  const before = file === null ? null : await repository.readText(file);
  const after = change.content?.toString() ?? '';
  const texts = [before ?? '', after].filter((text) => text !== '');
  for (const text of texts) if ((await findSecrets(change.path, text)).length > 0) return true;
  return false;
}
