import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { DomainError } from '../problems/domain-error.js';
import { systemErrorCode } from './system-error.js';

export interface Wanted {
  readonly folder: string;
  readonly pattern: string;
  readonly ignore: readonly string[];
}

// `..` as a whole name, also inside braces and alternatives.
const LEAVES_FOLDER = /(?:^|[/\\{,(|])\.\.(?:[/\\},)|]|$)/u;

/**
 * The files below a folder that a pattern names, as relative names in order; no link is followed.
 * @throws DomainError `invalid_path` (400) where the pattern leaves the folder
 */
export async function filesMatching(
  root: string,
  { pattern, ignore }: Omit<Wanted, 'folder'>,
): Promise<string[]> {
  if (LEAVES_FOLDER.test(pattern) || pattern.startsWith('/') || pattern.includes('\0')) {
    throw new DomainError(
      400,
      'invalid_path',
      `The declared path ${JSON.stringify(pattern)} leaves the workspace.`,
    );
  }
  if (!isDynamicPattern(pattern)) return (await exists(join(root, pattern))) ? [pattern] : [];
  const start = plainFolderOf(pattern);
  // A search that begins behind a link would walk whatever the link points to.
  if (!(await isRealOrAbsent(join(root, start)))) return [start];
  const files = await glob(pattern, {
    cwd: root,
    dot: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: [...ignore],
  });
  return files.sort();
}

/** The folders before the first wildcard: `a/b/*.md` → `a/b`. */
function plainFolderOf(pattern: string): string {
  const folders = pattern.split('/').slice(0, -1);
  const wild = folders.findIndex((name) => isDynamicPattern(name) || name.includes('\\'));
  return folders.slice(0, wild < 0 ? folders.length : wild).join('/');
}

/** Whether a path is what its name says, without a link on the way. */
export async function isRealOrAbsent(folder: string): Promise<boolean> {
  try {
    return (await realpath(folder)) === (folder.endsWith(sep) ? folder.slice(0, -1) : folder);
  } catch (error) {
    if (isAbsent(error)) return true;
    if (systemErrorCode(error) === 'ELOOP') return false;
    throw error;
  }
}

/** Whether something has this name: a link counts, whatever it points to. */
export const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    (error: unknown) => {
      if (isAbsent(error) || systemErrorCode(error) === 'ELOOP') return false;
      throw error;
    },
  );

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
