import { isForeign } from '../../domain/paths.js';
import { ecosystemOf, type Ecosystem } from '../../discovery/manifests.js';
import type { Repository } from '../../repository.js';
import { leave, nothing, type Proposal, type Remedy } from '../remedy.js';

interface Entry {
  readonly pattern: string;
  /** A path that the pattern is there for. */
  readonly sample: string;
}

const entry = (pattern: string, sample: string): Entry => ({ pattern, sample });

const ALWAYS: readonly Entry[] = [entry('.DS_Store', '.DS_Store'), entry('.env', '.env')];

const BY_ECOSYSTEM: Readonly<Record<Ecosystem, readonly Entry[]>> = {
  npm: [entry('node_modules/', 'node_modules/a'), entry('npm-debug.log*', 'npm-debug.log')],
  python: [
    entry('__pycache__/', '__pycache__/a'),
    entry('*.py[cod]', 'a.pyc'),
    entry('*.egg-info/', 'a.egg-info/a'),
    entry('.venv/', '.venv/a'),
    entry('.pytest_cache/', '.pytest_cache/a'),
  ],
  rust: [entry('target/', 'target/a')],
  go: [entry('*.test', 'a.test')],
  maven: [entry('target/', 'target/a')],
  gradle: [entry('.gradle/', '.gradle/a'), entry('build/', 'build/a')],
  dotnet: [entry('bin/', 'bin/a'), entry('obj/', 'obj/a')],
  php: [entry('/vendor/', 'vendor/a')],
  ruby: [entry('.bundle/', '.bundle/a'), entry('/vendor/bundle/', 'vendor/bundle/a')],
};

/** Adds what the ecosystems of the repository make and nobody wants to commit. */
export const gitignore: Remedy = {
  id: 'gitignore',
  title: 'Ignore what builds and tools leave behind',
  reason:
    'Build results, caches and local settings end in commits by accident. Only entries that were missing are ' +
    'added, and none that would match a file under version control.',
  propose,
};

async function propose(repository: Repository): Promise<Proposal> {
  if (repository.files.length === 0) return leave(null, 'the repository has no files');
  const file = repository.find('.gitignore');
  const before = file === null ? '' : await repository.readText(file);
  if (before === null) return leave('.gitignore', 'it is not a regular text file');
  const missing: string[] = [];
  for (const candidate of candidates(repository)) {
    if (await isMissing(repository, candidate)) missing.push(candidate.pattern);
  }
  if (missing.length === 0) return nothing;
  return { changes: [{ path: '.gitignore', content: withEntries(before, missing) }], leftAlone: [] };
}

function candidates(repository: Repository): readonly Entry[] {
  const ecosystems = repository.files.map(({ path }) => (isForeign(path) ? null : ecosystemOfFile(path)));
  const entries = [...new Set(ecosystems)].flatMap((ecosystem) =>
    ecosystem === null ? [] : BY_ECOSYSTEM[ecosystem],
  );
  return [...new Map([...entries, ...ALWAYS].map((one) => [one.pattern, one])).values()];
}

/** Python has no manifest in many repositories, but its leftovers all the same. */
const ecosystemOfFile = (path: string): Ecosystem | null =>
  ecosystemOf(path) ?? (path.endsWith('.py') ? 'python' : null);

/** Neither ignored already nor matching a tracked file. */
async function isMissing({ git }: Repository, { pattern, sample }: Entry): Promise<boolean> {
  const ignored = await git.try(['check-ignore', '--no-index', '-q', '--', sample]);
  if (ignored.code === 0) return false;
  const tracked = await git.records(['ls-files', '-z', '--cached', '--ignored', `--exclude=${pattern}`]);
  return tracked.length === 0;
}

function withEntries(before: string, entries: readonly string[]): string {
  const eol = before.includes('\r\n') ? '\r\n' : '\n';
  const start = before === '' || before.endsWith('\n') ? before : `${before}${eol}`;
  return `${start}${entries.join(eol)}${eol}`;
}
