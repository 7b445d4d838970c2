import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { normaliseArtifactPath } from '../../../../artifacts/domain/safe-path.js';
import { inspectRealFile, openRealFile } from '../../../../artifacts/real-file.js';
import { systemErrorCode } from '../../../../artifacts/system-error.js';
import { DomainError } from '../../../../problems/domain-error.js';

/** Why a path or file is not touched, as a sentence for the model. */
export class FileRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FileRefused';
  }
}

/** Of one file that an agent reads or writes. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The files below one folder, which no path, link or special file leads out of. */
export class WorkspaceFiles {
  /** @param root a resolved folder, itself free of links */
  constructor(readonly root: string) {}

  /**
   * The one spelling of a path, relative to the folder; empty for the folder itself.
   * @throws FileRefused
   */
  async path(given: string): Promise<string> {
    // A command may have put something else in its place.
    if ((await realpath(this.root).catch(absent)) !== this.root)
      throw new FileRefused('The folder is not there any more.');
    if (/^\.?\/*$/u.test(given)) return '';
    const path = normalised(given);
    if (path.split('/').some((name) => name.toLowerCase() === '.git'))
      throw new FileRefused('The folder .git is not yours to touch.');
    let folder = this.root;
    for (const name of path.split('/')) {
      folder = join(folder, name);
      const found = await lstat(folder).catch(absent);
      if (found === null) break;
      if (found.isSymbolicLink())
        throw new FileRefused(`${path} leads through a symbolic link, which is not followed.`);
    }
    return path;
  }

  /** @throws FileRefused where there is no such file, or it is too large or no regular one */
  async read(given: string): Promise<Buffer> {
    const path = await this.path(given);
    const found = await inspectRealFile(this.root, path);
    if (found.kind === 'missing') throw new FileRefused(`There is no file ${path}.`);
    if (found.kind !== 'file') throw new FileRefused(`${path} is not a regular file.`);
    if (found.sizeBytes > MAX_FILE_BYTES)
      throw new FileRefused(
        `${path} has ${String(found.sizeBytes)} bytes; at most ${String(MAX_FILE_BYTES)} are read.`,
      );
    const handle = await openRealFile(found.file);
    try {
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }

  /** The file as it is, or null where there is none. @throws FileRefused */
  async readIfThere(given: string): Promise<Buffer | null> {
    const path = await this.path(given);
    const missing = path === '' || (await inspectRealFile(this.root, path)).kind === 'missing';
    return missing ? null : this.read(path);
  }

  /** Puts a file in its place as a whole; what had the name before is replaced, never written through. @throws FileRefused */
  async write(given: string, content: Buffer): Promise<string> {
    const path = await this.path(given);
    if (path === '') throw new FileRefused('The path names no file.');
    if (content.length > MAX_FILE_BYTES)
      throw new FileRefused(
        `A file has at most ${String(MAX_FILE_BYTES)} bytes; this has ${String(content.length)}.`,
      );
    const file = join(this.root, path);
    const before = await lstat(file).catch(absent);
    if (before !== null && !before.isFile()) throw new FileRefused(`${path} is not a regular file.`);
    await mkdir(dirname(file), { recursive: true }).catch(notAFolder);
    const temporary = `${dirname(file)}/.${uuid()}`;
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(temporary, flags, (before?.mode ?? 0o644) & 0o777).catch(notAFolder);
    try {
      await fill(handle, content);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return path;
  }
}

async function fill(handle: FileHandle, content: Buffer): Promise<void> {
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

function normalised(given: string): string {
  try {
    return normaliseArtifactPath(given);
  } catch (error) {
    if (error instanceof DomainError) throw new FileRefused(error.message.replace('artifact path', 'path'));
    throw error;
  }
}

function absent(error: unknown): null {
  if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemErrorCode(error) ?? '')) return null;
  throw error;
}

function notAFolder(error: unknown): never {
  const code = systemErrorCode(error) ?? '';
  if (['EEXIST', 'ENOTDIR', 'ENAMETOOLONG', 'ENOSPC', 'EACCES'].includes(code))
    throw new FileRefused(`The file cannot be written there (${code}).`);
  throw error;
}
