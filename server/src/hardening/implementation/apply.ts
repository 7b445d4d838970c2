import { lstat, mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Git } from '../git.js';
import { parseRecord } from '../json.js';
import type { FileChange, Remedy } from './remedy.js';

export type Applied =
  | { readonly kind: 'committed'; readonly commit: string; readonly paths: readonly string[] }
  /** Nothing is left of it in the work tree. */
  | { readonly kind: 'withdrawn'; readonly reason: string };

/**
 * Makes the changes of a remedy one commit. Where the result is not what was proposed, or a changed file no
 * longer parses, the work tree is as before and the reason is told.
 */
export async function applyRemedy(
  git: Git,
  remedy: Remedy,
  changes: readonly FileChange[],
): Promise<Applied> {
  const before = await git.text(['rev-parse', 'HEAD']);
  const broken = changes.find((change) => !parses(change));
  if (broken !== undefined) return { kind: 'withdrawn', reason: `${broken.path} would no longer parse` };
  try {
    for (const change of changes) await write(git.root, change);
    await git.run(
      ['add', '--all', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'],
      pathspec(changes),
    );
    const reason = await unexpected(git, changes);
    if (reason !== null) throw new Error(reason);
    await git.run(['commit', '--quiet', '--no-verify', '--file=-'], `${remedy.title}\n\n${remedy.reason}\n`);
    const commit = await git.text(['rev-parse', 'HEAD']);
    return { kind: 'committed', commit, paths: changes.map(({ path }) => path) };
  } catch (error) {
    // A full disk, a path in the way or an odd attribute: whatever it is, the step goes on without this remedy.
    await git.run(['reset', '--quiet', '--hard', before]);
    await git.run(['clean', '-fdq']);
    return { kind: 'withdrawn', reason: error instanceof Error ? error.message : 'it could not be applied' };
  }
}

/** Literal paths, so that a name with `*` or `:` means only itself. */
const pathspec = (changes: readonly FileChange[]): string =>
  changes.map(({ path }) => `:(literal)${path}`).join('\0');

/** Writes or removes one file; a symlink in its place is refused, so that nothing outside is written. */
async function write(root: string, { path, content }: FileChange): Promise<void> {
  const file = join(root, path);
  const stat = await lstat(file).catch(() => null);
  if (stat !== null && !stat.isFile()) throw new Error(`${path} is not a regular file`);
  if (content === null) return unlink(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode: stat?.mode ?? 0o644 });
}

/** What differs from the proposal in what would be committed or lies about; null where nothing does. */
async function unexpected(git: Git, changes: readonly FileChange[]): Promise<string | null> {
  const expected = new Set(changes.map(({ path }) => path));
  const staged = await git.records(['diff', '--cached', '--name-only', '--no-renames', '-z']);
  if (staged.length === 0) return 'git sees no change';
  const other = staged.find((path) => !expected.has(path));
  if (other !== undefined) return `${other} would change too`;
  const left = await git.records(['diff', '--name-only', '--no-renames', '-z']);
  return left.length === 0 ? null : `${left[0]} would be left changed`;
}

/** JSON and YAML that were written must be readable; a removal and every other format pass. */
function parses({ path, content }: FileChange): boolean {
  if (content === null) return true;
  if (/\.ipynb$|(?:^|\/)package-lock\.json$/u.test(path)) return parseRecord(content.toString()) !== null;
  return !/\.ya?ml$/u.test(path) || parseDocument(content.toString()).errors.length === 0;
}
