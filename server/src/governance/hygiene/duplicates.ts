import { createHash } from 'node:crypto';
import type { InspectedFile } from './inspection.js';
import { isKnownCopy, orphanIn } from './names.js';

/**
 * Files with the content of another one, each with the first (by path) that has it. Files larger than
 * `maxBytes` count only where their digest is known: they are not read for it. Empty files are no duplicates.
 */
export async function findDuplicates(
  files: readonly InspectedFile[],
  maxBytes: number,
): Promise<readonly { readonly path: string; readonly original: string }[]> {
  const candidates = files
    .filter(({ path, sizeBytes }) => sizeBytes > 0 && !isKnownCopy(path) && orphanIn(path) === null)
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const bySize = Map.groupBy(candidates, ({ sizeBytes }) => sizeBytes);
  const duplicates: { path: string; original: string }[] = [];
  for (const group of bySize.values()) {
    if (group.length < 2) continue;
    const first = new Map<string, string>();
    for (const file of group) {
      const digest = await digestOf(file, maxBytes);
      const original = digest === null ? undefined : first.get(digest);
      if (original !== undefined) duplicates.push({ path: file.path, original });
      else if (digest !== null) first.set(digest, file.path);
    }
  }
  return duplicates.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function digestOf(file: InspectedFile, maxBytes: number): Promise<string | null> {
  if (typeof file.sha256 === 'string') return file.sha256;
  if (file.sizeBytes > maxBytes) return null;
  return createHash('sha256')
    .update(await file.read(maxBytes))
    .digest('hex');
}
