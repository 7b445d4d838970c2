import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { systemErrorCode } from './system-error.js';

/** Why a file of a workspace is not taken. */
export type RefusedFile = 'missing' | 'symlink' | 'not_a_file';

export type RealFile =
  | { readonly kind: 'file'; readonly file: string; readonly sizeBytes: number }
  | { readonly kind: RefusedFile };

/**
 * Looks at `path` below `root` without ever following a symbolic link, whether it is the file or one of its folders.
 * @param root a resolved folder, itself free of links
 * @returns `file`: the absolute path, free of links at this moment; openRealFile checks it again
 */
export async function inspectRealFile(root: string, path: string): Promise<RealFile> {
  const file = join(root, path);
  if (!file.startsWith(root + sep)) return { kind: 'missing' };
  try {
    if ((await realpath(file)) !== file) return { kind: 'symlink' };
    const handle = await openRealFile(file);
    try {
      return { kind: 'file', file, sizeBytes: (await handle.stat()).size };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof NotARealFile) return { kind: error.why };
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'missing' };
    if (isCode(error, 'ELOOP')) return { kind: 'symlink' };
    throw error;
  }
}

/**
 * Opens a regular file by a path that must hold no symbolic link anywhere. What was opened is compared with
 * what the path names afterwards, so that exchanging a folder for a link in between is noticed.
 * @param file an absolute path as inspectRealFile gave it
 * @throws NotARealFile for a link, a folder, a pipe or a device
 */
export async function openRealFile(file: string): Promise<FileHandle> {
  // Without O_NONBLOCK, opening a pipe would wait for its writer.
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (isCode(error, 'ELOOP')) throw new NotARealFile('symlink');
      if (isCode(error, 'ENXIO')) throw new NotARealFile('not_a_file');
      throw error;
    },
  );
  try {
    const opened = await handle.stat();
    if (!opened.isFile()) throw new NotARealFile('not_a_file');
    if ((await realpath(file)) !== file) throw new NotARealFile('symlink');
    const named = await stat(file);
    if (named.ino !== opened.ino || named.dev !== opened.dev) throw new NotARealFile('symlink');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The path leads somewhere else than to a regular file of its own. */
export class NotARealFile extends Error {
  constructor(readonly why: RefusedFile) {
    super(`not a regular file: ${why}`);
    this.name = 'NotARealFile';
  }
}

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(systemErrorCode(error) ?? '');
