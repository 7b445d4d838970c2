import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Paths of the symbolic links below a folder, relative to it; none of them is followed. */
export async function linksIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isSymbolicLink())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
      .sort();
  } catch {
    // A step may leave folders that cannot be read; no artifact is taken from those either.
    return [];
  }
}

const MOST_NAMED = 10;

/** Says which links were not kept; many of them are only counted. */
export const linkWarnings = (links: readonly string[]): string[] => [
  ...links.slice(0, MOST_NAMED).map((path) => `Not kept: ${JSON.stringify(path)} (it is a symbolic link)`),
  ...(links.length > MOST_NAMED
    ? [`Not kept: ${String(links.length - MOST_NAMED)} more symbolic links`]
    : []),
];
