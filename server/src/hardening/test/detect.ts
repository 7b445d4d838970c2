import type { Repository } from '../repository.js';
import { detectNode } from './detect-node.js';
import { detectPython } from './detect-python.js';
import type { Suite, SuiteMaker } from './suite.js';

const MAX_SUITES = 3;

const fixed =
  (suite: Suite): SuiteMaker =>
  () =>
    suite;

interface Simple {
  readonly name: string;
  /** Its presence at the root means that the command is there. */
  readonly file: RegExp;
  readonly command: readonly string[];
  readonly junit: readonly string[];
}

const SIMPLE: readonly Simple[] = [
  { name: 'go', file: /^go\.mod$/u, command: ['go', 'test', '-json', './...'], junit: [] },
  { name: 'cargo', file: /^Cargo\.toml$/u, command: ['cargo', 'test', '--no-fail-fast'], junit: [] },
  {
    name: 'maven',
    file: /^pom\.xml$/u,
    command: ['mvn', '--batch-mode', '--quiet', 'test'],
    junit: ['**/target/surefire-reports/TEST-*.xml'],
  },
  {
    name: 'gradle',
    file: /^build\.gradle(?:\.kts)?$/u,
    command: ['gradle', '--console=plain', 'test'],
    junit: ['**/build/test-results/**/*.xml'],
  },
  {
    name: 'dotnet',
    file: /^[^/]+\.(?:sln|slnx|csproj|fsproj)$/u,
    command: ['dotnet', 'test', '--nologo'],
    junit: [],
  },
];

/**
 * The test commands of a repository, by the files at its root: at most three. `make test` only where
 * nothing else is found.
 */
export async function detectSuites(
  repository: Repository,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly SuiteMaker[]> {
  const found = [
    await detectNode(repository),
    await detectPython(repository, variables),
    ...simple(repository),
  ];
  const makers = found.filter((maker) => maker !== null).slice(0, MAX_SUITES);
  return makers.length > 0 ? makers : await detectMake(repository);
}

function simple(repository: Repository): readonly SuiteMaker[] {
  return SIMPLE.flatMap(({ name, file, command, junit }) => {
    const manifest = repository.files.find(({ path }) => file.test(path));
    if (manifest === undefined) return [];
    const wrapper = wrapperOf(name, repository);
    const argv = wrapper === null ? command : ['sh', wrapper, ...command.slice(1)];
    const counts = name === 'go' ? 'go' : 'output';
    return fixed({ name, found: manifest.path, setup: [], command: argv, env: {}, junit, counts });
  });
}

/** The repository's own starter of Maven or Gradle, which brings the version it wants. */
function wrapperOf(name: string, repository: Repository): string | null {
  const path = { maven: 'mvnw', gradle: 'gradlew' }[name];
  return path !== undefined && repository.find(path)?.kind === 'file' ? path : null;
}

async function detectMake(repository: Repository): Promise<readonly SuiteMaker[]> {
  const makefile = (await repository.readPath('Makefile')) ?? (await repository.readPath('makefile')) ?? '';
  const target = /^(test|check)\s*:(?!=)/mu.exec(makefile)?.[1];
  if (target === undefined) return [];
  const base = { setup: [], env: {}, junit: [], counts: 'output' as const };
  return [
    fixed({ ...base, name: 'make', found: `target "${target}" of the Makefile`, command: ['make', target] }),
  ];
}
