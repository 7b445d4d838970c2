import { baseName, isForeign, isSample } from '../../domain/paths.js';
import type { Repository } from '../../repository.js';
import type { FileChange, LeftAlone, Proposal, Remedy } from '../remedy.js';

/** Removes files that tools leave behind and that nothing reads. */
export const removeJunk: Remedy = {
  id: 'remove_junk',
  title: 'Remove files that tools left behind',
  reason:
    'Folder views of the desktop, swap files of editors, compiled Python and leftovers of merges carry nothing ' +
    'that is not in the repository otherwise.',
  propose,
};

const JUNK = /^(?:\.DS_Store|Thumbs\.db|ehthumbs\.db|npm-debug\.log|yarn-error\.log|\..+\.sw[op])$/u;

function propose(repository: Repository): Promise<Proposal> {
  const tracked = new Set(repository.files.map(({ path }) => path));
  const changes: FileChange[] = [];
  const leftAlone: LeftAlone[] = [];
  for (const { path, kind } of repository.files) {
    if (kind !== 'file' || !isJunk(path, tracked)) continue;
    if (isSample(path) || isForeign(path))
      leftAlone.push({ path, reason: 'it lies among test data or vendored code' });
    else changes.push({ path, content: null });
  }
  return Promise.resolve({ changes, leftAlone });
}

/** A leftover of a merge (`a.orig`, `a.rej`) counts only where the file it came from is there. */
function isJunk(path: string, tracked: ReadonlySet<string>): boolean {
  const leftover = /^(.+)\.(?:orig|rej)$/u.exec(path)?.[1];
  return (
    JUNK.test(baseName(path)) ||
    /(?:^|\/)__pycache__\/[^/]+\.py[co]$/u.test(path) ||
    (leftover !== undefined && tracked.has(leftover))
  );
}
