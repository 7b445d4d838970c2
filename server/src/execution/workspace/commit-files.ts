import type { Git } from './git.js';

export interface CommittedFile {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly blob: string;
  /** Null for a submodule, which has no content here. */
  readonly sizeBytes: number | null;
}

export interface CutPatch {
  readonly patch: Buffer;
  readonly truncated: boolean;
}

/** Every file of a commit, by path. */
export async function listCommit(git: Git, repo: string, commit: string): Promise<CommittedFile[]> {
  const listing = await git.text(['ls-tree', '-r', '-z', '--long', '--end-of-options', commit], {
    cwd: repo,
  });
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map(parseEntry);
}

/** At most `limit` bytes from the start of a file of a commit; null where it has no such file. */
export async function readCommitted(
  git: Git,
  repo: string,
  commit: string,
  path: string,
  limit: number,
): Promise<Buffer | null> {
  const call = { cwd: repo, maxOutputBytes: limit };
  const result = await git.run(['cat-file', 'blob', `${commit}:${path}`], call);
  return result.exitCode === 0 ? result.stdout : null;
}

/** The change between two commits as a patch, cut at `maxBytes`. */
export async function diffCommits(
  git: Git,
  repo: string,
  from: string,
  to: string,
  maxBytes: number,
): Promise<CutPatch> {
  const options = ['--binary', '--full-index', '--no-color', '--no-ext-diff', '--no-textconv'];
  const call = { cwd: repo, maxOutputBytes: maxBytes };
  const result = await git.run(['diff', ...options, '--end-of-options', from, to], call);
  return { patch: result.stdout, truncated: result.truncated };
}

/** `<mode> <type> <object> <size>\t<path>`, see git-ls-tree(1). */
function parseEntry(line: string): CommittedFile {
  const tab = line.indexOf('\t');
  const [mode = '', , blob = '', size = '-'] = line.slice(0, tab).split(/ +/);
  const kind = mode === '120000' ? 'symlink' : mode === '160000' ? 'submodule' : 'file';
  return { path: line.slice(tab + 1), kind, blob, sizeBytes: size === '-' ? null : Number(size) };
}
