import { open, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readForeignBundle, writeBundle } from '../execution/workspace/bundles.js';
import type { Git } from '../execution/workspace/git.js';
import { DomainError } from '../problems/domain-error.js';
import type { ZipLimits } from './domain/zip-entry.js';
import { unpackZip } from './unpack-zip.js';

export interface PackedUpload {
  /** A Git bundle of ours, whose `HEAD` is the commit. */
  readonly file: string;
  readonly commit: string;
}

const UPLOADED_REF = 'refs/heads/uploaded';
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const BUNDLE = Buffer.from('# v');

/**
 * Makes one form of what people upload: a ZIP archive becomes a repository with one commit, the history of a Git bundle is
 * checked object by object.
 * @param folder to work in; removed by the caller
 * @throws DomainError 400 `archive_not_readable`, `bundle_not_readable`; 413 `archive_too_large`
 */
export async function packUpload(
  git: Git,
  upload: { readonly file: string; readonly name: string },
  folder: string,
  limits: ZipLimits,
): Promise<PackedUpload> {
  const repo = join(folder, 'repo.git');
  await mkdir(repo);
  await git.text(['init', '--quiet', '--bare'], { cwd: repo });
  const commit = await importUpload(git, repo, upload, folder, limits);
  await git.text(['update-ref', '--no-deref', 'HEAD', commit], { cwd: repo });
  const file = join(folder, 'packed.bundle');
  await writeBundle(git, repo, file, []);
  return { file, commit };
}

async function importUpload(
  git: Git,
  repo: string,
  { file, name }: { readonly file: string; readonly name: string },
  folder: string,
  limits: ZipLimits,
): Promise<string> {
  const work = join(folder, 'work');
  await mkdir(work);
  const head = await headOf(file);
  if (head.subarray(0, BUNDLE.length).equals(BUNDLE)) {
    return readForeignBundle(git, repo, { file, folder: work }, UPLOADED_REF);
  }
  if (!head.equals(ZIP)) {
    throw new DomainError(400, 'archive_not_readable', 'Send a ZIP archive or a Git bundle.');
  }
  await unpackZip(file, work, limits);
  return commitFolder(git, repo, await rootOf(work), name);
}

async function commitFolder(git: Git, repo: string, root: string, name: string): Promise<string> {
  const inTree = { cwd: root, env: { GIT_DIR: repo, GIT_WORK_TREE: root } };
  await git.text(['add', '--all'], inTree);
  const tree = await git.text(['write-tree'], inTree);
  const message = `Uploaded: ${name}`;
  return git.text(['commit-tree', tree, '-F', '-'], { ...inTree, input: message });
}

/** Archives often hold one folder with everything in it. */
async function rootOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() === true ? join(folder, only.name) : folder;
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ZIP.length), 0, ZIP.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
