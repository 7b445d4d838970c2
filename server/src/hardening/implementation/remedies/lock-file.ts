import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFileOf } from '../../discovery/manifests.js';
import { parseRecord, recordAt } from '../../json.js';
import { runProcess } from '../../run-process.js';
import type { Repository } from '../../repository.js';
import { leave, nothing, type Proposal, type Remedy } from '../remedy.js';

const TIMEOUT_MS = 3 * 60_000;
const MAX_OUTPUT = 64 * 1024;

/** Pins the dependencies of an npm package that has none pinned. */
export const lockFile = (variables: Readonly<Record<string, string | undefined>>): Remedy => ({
  id: 'lock_file',
  title: 'Pin the dependencies in a lock file',
  reason:
    'Without a lock file every install may bring other code, and no audit can say what is used. The file was ' +
    'made by npm from the manifest alone; no script of a package was run.',
  propose: (repository) => propose(repository, variables),
});

/** Why no lock file is made for a repository; null where one is missing. `'fine'` where there is nothing to pin. */
export async function lockFileNeed(
  repository: Repository,
): Promise<'missing' | 'fine' | { readonly reason: string }> {
  const manifest = parseRecord(await repository.readPath('package.json'));
  if (manifest === null) return 'fine';
  if (repository.files.some(({ path }) => !path.includes('/') && lockFileOf(path) !== null)) return 'fine';
  const count = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
    .map((kind) => Object.keys(recordAt(manifest, kind) ?? {}).length)
    .reduce((sum, number) => sum + number, 0);
  if (count === 0) return 'fine';
  const settings = (await repository.readPath('.npmrc')) ?? '';
  if (/^\s*package-lock\s*=\s*false/mu.test(settings)) return { reason: '.npmrc turns lock files off' };
  if (manifest['workspaces'] !== undefined) return { reason: 'the package has workspaces' };
  if (typeof manifest['packageManager'] === 'string' && !manifest['packageManager'].startsWith('npm@')) {
    return { reason: 'the package names another package manager than npm' };
  }
  const ignored = await repository.git.try(['check-ignore', '--no-index', '-q', '--', 'package-lock.json']);
  return ignored.code === 0 ? { reason: '.gitignore leaves package-lock.json out' } : 'missing';
}

async function propose(
  repository: Repository,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Proposal> {
  const need = await lockFileNeed(repository);
  if (need === 'fine') return nothing;
  if (need !== 'missing') return leave('package.json', need.reason);
  const folder = await mkdtemp(join(tmpdir(), 'harden-lock-'));
  try {
    await writeFile(join(folder, 'package.json'), (await repository.readPath('package.json')) ?? '');
    // Neither the registry's address nor an operator's mirror may end in the repository.
    const flags = [
      '--package-lock-only',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--omit-lockfile-registry-resolved',
    ];
    const options = { cwd: folder, env: variables, timeoutMs: TIMEOUT_MS, maxBytes: MAX_OUTPUT };
    const result = await runProcess(['npm', 'install', ...flags], options);
    if (result.missing) return leave('package.json', 'npm is not installed here');
    const content = await readFile(join(folder, 'package-lock.json')).catch(() => null);
    if (result.code !== 0 || content === null)
      return leave('package.json', 'npm could not resolve the dependencies here');
    return { changes: [{ path: 'package-lock.json', content }], leftAlone: [] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
