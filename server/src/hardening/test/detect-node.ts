import { join } from 'node:path';
import { lockFileOf } from '../discovery/manifests.js';
import { listAt, parseRecord, recordAt, stringAt, type JsonRecord } from '../json.js';
import type { Repository } from '../repository.js';
import type { SuiteMaker } from './suite.js';

type NodeManager = 'npm' | 'pnpm' | 'yarn';

/** The `test` script of the package at the root, with the package manager it uses; null where there is none. */
export async function detectNode(repository: Repository): Promise<SuiteMaker | null> {
  const manifest = parseRecord(await repository.readPath('package.json'));
  const script = stringAt(recordAt(manifest, 'scripts'), 'test');
  if (manifest === null || script === null || /no test specified/u.test(script)) return null;
  const manager = managerOf(manifest, repository);
  const locked = repository.files.some(
    ({ path }) => path === 'package-lock.json' || path === 'npm-shrinkwrap.json',
  );
  const install = needsInstall(manifest) ? [installCommand(manager, locked)] : [];
  const extra = reporterOf(script);
  return ({ reports }) => {
    const file = join(reports, 'junit-node.xml');
    const { args, env } = extra(file);
    const command = [manager, 'test', ...(args.length > 0 && manager !== 'yarn' ? ['--'] : []), ...args];
    const found = 'script "test" of package.json';
    return { name: manager, found, setup: install, command, env, junit: [file], counts: 'output' };
  };
}

function managerOf(manifest: JsonRecord, repository: Repository): NodeManager {
  const named = /^(npm|pnpm|yarn)@/u.exec(stringAt(manifest, 'packageManager') ?? '')?.[1];
  const locks = repository.files
    .filter(({ path }) => !path.includes('/'))
    .map(({ path }) => lockFileOf(path));
  const locked = locks.find((one) => one === 'npm' || one === 'pnpm' || one === 'yarn');
  const manager = named ?? locked;
  return manager === 'pnpm' || manager === 'yarn' ? manager : 'npm';
}

const needsInstall = (manifest: JsonRecord): boolean =>
  ['dependencies', 'devDependencies', 'optionalDependencies'].some(
    (kind) => Object.keys(recordAt(manifest, kind) ?? {}).length > 0,
  ) || listAt(manifest, 'workspaces').length > 0;

function installCommand(manager: NodeManager, locked: boolean): readonly string[] {
  if (manager === 'pnpm') return ['pnpm', 'install', '--frozen-lockfile'];
  if (manager === 'yarn') return ['yarn', 'install', '--frozen-lockfile'];
  return locked
    ? ['npm', 'ci', '--no-audit', '--no-fund']
    : ['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock'];
}

interface Reporter {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a test script can be asked for a JUnit report without changing the repository. */
function reporterOf(script: string): (file: string) => Reporter {
  const simple = !/[&|;<>`$\n]/u.test(script);
  if (/\bnode\b.*\s--test\b/u.test(script) && !script.includes('--test-reporter')) return nodeReporter;
  if (simple && /(?:^|\s)vitest\b/u.test(script) && !script.includes('--reporter')) return vitestReporter;
  return () => ({ args: [], env: {} });
}

const nodeReporter = (file: string): Reporter => ({
  args: [],
  env: {
    NODE_OPTIONS: [
      '--test-reporter=spec --test-reporter-destination=stdout',
      `--test-reporter=junit --test-reporter-destination=${file}`,
    ].join(' '),
  },
});

const vitestReporter = (file: string): Reporter => ({
  args: ['--reporter=default', '--reporter=junit', `--outputFile.junit=${file}`],
  env: {},
});
