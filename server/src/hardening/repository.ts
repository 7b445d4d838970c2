import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { Git } from './git.js';

export interface RepositoryFile {
  /** Relative, with forward slashes, as git knows it. */
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  /** 0 for symlinks, submodules and what is not in the work tree. */
  readonly sizeBytes: number;
}

/** Bytes of a file that are read as text; a longer file is not inspected line by line. */
export const MAX_TEXT_BYTES = 2 * 1024 * 1024;

const SYMLINK = '120000';
const SUBMODULE = '160000';
const BATCH = 64;

/** A repository's tracked files and their contents. Symlinks are never followed. */
export class Repository {
  private readonly byPath: ReadonlyMap<string, RepositoryFile>;

  private constructor(
    readonly git: Git,
    readonly files: readonly RepositoryFile[],
    /** Tracked files in all; `files` has at most as many as asked for. */
    readonly totalFiles: number,
  ) {
    this.byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** Lists the tracked files of the work tree, the first `maxFiles` in git's order. */
  static async open(git: Git, maxFiles: number): Promise<Repository> {
    const records = await git.records(['ls-files', '-z', '-s']);
    const entries = records.slice(0, maxFiles).map(parseEntry);
    const files: RepositoryFile[] = [];
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH).map((entry) => describe(git.root, entry));
      files.push(...(await Promise.all(batch)));
    }
    return new Repository(git, files, records.length);
  }

  get root(): string {
    return this.git.root;
  }

  find(path: string): RepositoryFile | null {
    return this.byPath.get(path) ?? null;
  }

  /** A file's bytes, or null where it is no regular file, too large or unreadable. */
  async read(file: RepositoryFile, limit = MAX_TEXT_BYTES): Promise<Buffer | null> {
    if (file.kind !== 'file' || file.sizeBytes > limit) return null;
    return readRegularFile(join(this.root, file.path), limit);
  }

  /** A file's text, or null where `read` gives nothing or the content is binary. */
  async readText(file: RepositoryFile, limit = MAX_TEXT_BYTES): Promise<string | null> {
    const content = await this.read(file, limit);
    return content === null || !isText(content) ? null : content.toString('utf8');
  }

  async readPath(path: string, limit = MAX_TEXT_BYTES): Promise<string | null> {
    const file = this.find(path);
    return file === null ? null : this.readText(file, limit);
  }
}

/** Valid UTF-8 without NUL. */
export const isText = (content: Buffer): boolean => !content.includes(0) && isUtf8(content);

/** Reads a regular file of at most `limit` bytes without following a symlink; null where it is none. */
export async function readRegularFile(path: string, limit: number): Promise<Buffer | null> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      return stat.isFile() && stat.size <= limit ? await handle.readFile() : null;
    } finally {
      await handle.close();
    }
  } catch {
    // ELOOP (a symlink), ENOENT or EACCES: the file cannot be inspected, and reports count it as such.
    return null;
  }
}

interface Entry {
  readonly mode: string;
  readonly path: string;
}

function parseEntry(record: string): Entry {
  const tab = record.indexOf('\t');
  return { mode: record.slice(0, 6), path: record.slice(tab + 1) };
}

async function describe(root: string, { mode, path }: Entry): Promise<RepositoryFile> {
  if (mode === SYMLINK) return { path, kind: 'symlink', sizeBytes: 0 };
  if (mode === SUBMODULE) return { path, kind: 'submodule', sizeBytes: 0 };
  const stat = await lstat(join(root, path)).catch(() => null);
  return { path, kind: 'file', sizeBytes: stat?.isFile() ? stat.size : 0 };
}
