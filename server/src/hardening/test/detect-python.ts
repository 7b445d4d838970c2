import { join } from 'node:path';
import { isForeign } from '../domain/paths.js';
import { toml } from '../discovery/manifests.js';
import { listAt, recordAt, type JsonRecord } from '../json.js';
import type { Repository } from '../repository.js';
import { runProcess } from '../run-process.js';
import type { SuiteMaker } from './suite.js';

const INTERPRETERS = ['python3', '/usr/bin/python3', 'python'];
const TEST_FILE = /(?:^|\/)(?:test_[^/]+|[^/]+_test)\.py$/u;
const REQUIREMENTS =
  /^(?:requirements(?:[-_/](?:dev|tests?|testing))?|(?:dev|tests?)[-_]requirements)\.txt$/u;
const GROUPS = ['test', 'tests', 'testing', 'dev'];

/** pytest where the repository names it, else unittest; null where there are no Python tests. */
export async function detectPython(
  repository: Repository,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<SuiteMaker | null> {
  const tests = repository.files
    .map(({ path }) => path)
    .filter((path) => TEST_FILE.test(path) && !isForeign(path));
  if (tests.length === 0) return null;
  const python = (await workingPython(repository.root, variables)) ?? 'python3';
  const usesPytest = await namesPytest(repository, tests);
  const installs = await requirementsOf(repository);
  return ({ reports }) => {
    const venv = join(reports, 'venv');
    const interpreter = join(venv, 'bin', 'python');
    const pip = [interpreter, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const file = join(reports, 'junit-pytest.xml');
    const pytest = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${file}`];
    const all = usesPytest ? [...installs, ['pytest']] : installs;
    return {
      name: usesPytest ? 'pytest' : 'unittest',
      found: usesPytest ? 'pytest is named in the repository' : 'test files without pytest',
      setup: [
        [python, '-m', 'venv', '--system-site-packages', venv],
        ...all.map((args) => [...pip, ...args]),
      ],
      command: [interpreter, ...(usesPytest ? pytest : unittestArgs(tests))],
      env: { PYTHONDONTWRITEBYTECODE: '1', PIP_NO_INPUT: '1' },
      junit: usesPytest ? [file] : [],
      counts: 'output',
    };
  };
}

async function workingPython(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | null> {
  for (const candidate of INTERPRETERS) {
    const options = { cwd, env, timeoutMs: 20_000, maxBytes: 1024 };
    const result = await runProcess([candidate, '-I', '-c', 'import venv'], options);
    if (result.code === 0) return candidate;
  }
  return null;
}

async function namesPytest(repository: Repository, tests: readonly string[]): Promise<boolean> {
  if (repository.files.some(({ path }) => /(?:^|\/)(?:conftest\.py|pytest\.ini)$/u.test(path))) return true;
  const settings = [
    'pyproject.toml',
    'setup.cfg',
    'setup.py',
    'tox.ini',
    'noxfile.py',
    'requirements.txt',
    'requirements-dev.txt',
  ];
  for (const path of [...settings, ...tests.slice(0, 20)]) {
    if (/\bpytest\b/u.test((await repository.readPath(path)) ?? '')) return true;
  }
  return false;
}

/** Arguments of `pip install`, one list for each call. */
async function requirementsOf(repository: Repository): Promise<readonly (readonly string[])[]> {
  const calls: string[][] = [];
  const requirements = repository.files.map(({ path }) => path).filter((path) => REQUIREMENTS.test(path));
  for (const path of requirements) calls.push(['-r', path]);
  const project = toml((await repository.readPath('pyproject.toml')) ?? '');
  const installable = recordAt(project, 'project') !== null || recordAt(project, 'build-system') !== null;
  if (installable || repository.find('setup.py') !== null) calls.push(['-e', `.${extrasOf(project)}`]);
  const groups = recordAt(project, 'dependency-groups');
  const named = GROUPS.flatMap((group) => listAt(groups, group)).filter((entry) => typeof entry === 'string');
  if (named.length > 0) calls.push(named.filter((entry) => !entry.startsWith('-')));
  return calls;
}

function extrasOf(project: JsonRecord | null): string {
  const declared = Object.keys(recordAt(recordAt(project, 'project'), 'optional-dependencies') ?? {});
  const wanted = declared.filter((name) => GROUPS.includes(name));
  return wanted.length === 0 ? '' : `[${wanted.join(',')}]`;
}

/** The folder that holds the tests, where all of them are in one at the root. */
function unittestArgs(tests: readonly string[]): readonly string[] {
  const folders = new Set(tests.map((path) => (path.includes('/') ? (path.split('/')[0] ?? '.') : '.')));
  const [only] = folders;
  const start = folders.size === 1 && only !== undefined && /^tests?$/u.test(only) ? only : '.';
  return ['-m', 'unittest', 'discover', '-s', start, '-t', '.'];
}
