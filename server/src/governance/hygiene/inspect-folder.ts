import { execFile } from 'node:child_process';
import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import { inspect, type InspectionOptions } from './inspect.js';
import type { HygieneInspection, InspectedFile } from './inspection.js';

const run = promisify(execFile);

export interface FolderInspectionOptions extends InspectionOptions {
  /** Globs of paths, relative to the folder, that are left out. */
  readonly ignore?: readonly string[];
}

/** Inspects the files of a folder: of a Git work tree those that Git tracks or would track, else all. */
export async function inspectFolder(
  folder: string,
  { ignore = [], ...options }: FolderInspectionOptions = {},
): Promise<HygieneInspection> {
  return inspect(await filesOfFolder(folder, ignore), options);
}

/** The regular files of a folder in the order of their paths; symbolic links are never followed. */
export async function filesOfFolder(
  folder: string,
  ignore: readonly string[] = [],
): Promise<readonly InspectedFile[]> {
  const root = resolve(folder);
  const isIgnored = picomatch([...ignore], { dot: true });
  const listed = (await listWithGit(root)) ?? (await listByWalking(root));
  const files: InspectedFile[] = [];
  for (const path of listed.filter((each) => !isIgnored(each)).toSorted()) {
    const file = await fileAt(root, path);
    if (file !== null) files.push(file);
  }
  return files;
}

/** What Git tracks, and what it does not ignore; null where the folder is not the top of a Git work tree. */
async function listWithGit(root: string): Promise<readonly string[] | null> {
  if ((await statsOf(join(root, '.git'))) === null) return null;
  // The repository is not trusted: none of its settings may start a program.
  const settings = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'safe.directory=*'];
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const arguments_ = ['-C', root, ...settings.flatMap((each) => ['-c', each]), ...list];
  try {
    const { stdout } = await run('git', arguments_, { maxBuffer: 256 * 1024 ** 2, timeout: 60_000 });
    return stdout.split('\0').filter((path) => path !== '');
  } catch (error) {
    // Git answers 128 for a broken repository, and may not be installed: the folder is walked instead.
    if (hasCode(error, [128, 'ENOENT'])) return null;
    throw error;
  }
}

const listByWalking = (root: string): Promise<string[]> =>
  glob(['**'], {
    cwd: root,
    dot: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    ignore: ['**/.git/**', '**/node_modules/**'],
  });

async function fileAt(root: string, path: string): Promise<InspectedFile | null> {
  const stats = await statsOf(join(root, path));
  if (stats?.isFile() !== true) return null;
  return { path, sizeBytes: stats.size, read: (limit) => readStart(join(root, path), limit) };
}

/** Null where there is nothing: Git lists a file that was deleted, but not from its index. */
async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return null;
    throw error;
  }
}

const hasCode = (error: unknown, codes: readonly unknown[]): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && codes.includes(error.code);

async function readStart(file: string, limit: number): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(limit, size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
