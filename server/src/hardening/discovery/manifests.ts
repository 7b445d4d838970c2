import { XMLParser } from 'fast-xml-parser';
import { parse as parseToml } from 'smol-toml';
import { baseName } from '../domain/paths.js';
import { isRecord, listAt, parseRecord, recordAt, stringAt, type JsonRecord } from '../json.js';

export type Ecosystem = 'npm' | 'python' | 'rust' | 'go' | 'maven' | 'gradle' | 'dotnet' | 'php' | 'ruby';

export interface Manifest {
  readonly path: string;
  readonly ecosystem: Ecosystem;
  /** null: the manifest does not say, or could not be read. */
  readonly name: string | null;
  readonly version: string | null;
  readonly licence: string | null;
  /** Names of direct dependencies of all kinds; null where they cannot be read from this format here. */
  readonly dependencies: number | null;
}

const ECOSYSTEM_OF: Readonly<Record<string, Ecosystem>> = {
  'package.json': 'npm',
  'pyproject.toml': 'python',
  'setup.py': 'python',
  'setup.cfg': 'python',
  'requirements.txt': 'python',
  Pipfile: 'python',
  'Cargo.toml': 'rust',
  'go.mod': 'go',
  'pom.xml': 'maven',
  'build.gradle': 'gradle',
  'build.gradle.kts': 'gradle',
  'composer.json': 'php',
  Gemfile: 'ruby',
};

const LOCK_FILES: Readonly<Record<string, string>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'poetry.lock': 'poetry',
  'Pipfile.lock': 'pipenv',
  'uv.lock': 'uv',
  'pdm.lock': 'pdm',
  'Cargo.lock': 'cargo',
  'go.sum': 'go',
  'composer.lock': 'composer',
  'Gemfile.lock': 'bundler',
  'gradle.lockfile': 'gradle',
  'packages.lock.json': 'nuget',
};

/** The ecosystem whose manifest a path is, or null. */
export const ecosystemOf = (path: string): Ecosystem | null =>
  ECOSYSTEM_OF[baseName(path)] ?? (/\.(?:cs|fs|vb)proj$/u.test(path) ? 'dotnet' : null);

/** The package manager whose lock file a path is, or null. */
export const lockFileOf = (path: string): string | null => LOCK_FILES[baseName(path)] ?? null;

/** Reads what a manifest says of itself. Malformed ones give nulls, never an error. */
export function readManifest(path: string, ecosystem: Ecosystem, text: string | null): Manifest {
  const facts = text === null ? {} : factsOf(baseName(path), text);
  return { path, ecosystem, name: null, version: null, licence: null, dependencies: null, ...facts };
}

type Facts = Partial<Omit<Manifest, 'path' | 'ecosystem'>>;

function factsOf(name: string, text: string): Facts {
  if (name === 'package.json') return npmFacts(parseRecord(text));
  if (name === 'composer.json') return composerFacts(parseRecord(text));
  if (name === 'pyproject.toml') return pythonFacts(toml(text));
  if (name === 'Cargo.toml') return cargoFacts(toml(text));
  if (name === 'go.mod') return goFacts(text);
  if (name === 'pom.xml') return mavenFacts(text);
  if (name === 'requirements.txt') return { dependencies: requirementLines(text) };
  return {};
}

/** A TOML document as a record, or null where it is malformed. */
export function toml(text: string): JsonRecord | null {
  try {
    return parseToml(text);
  } catch {
    // Malformed TOML is an expected state of foreign files.
    return null;
  }
}

const keys = (record: JsonRecord | null): number => Object.keys(record ?? {}).length;

function npmFacts(json: JsonRecord | null): Facts {
  if (json === null) return {};
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  const dependencies = kinds.reduce((sum, kind) => sum + keys(recordAt(json, kind)), 0);
  const licence = stringAt(json, 'license') ?? stringAt(recordAt(json, 'license'), 'type');
  return { name: stringAt(json, 'name'), version: stringAt(json, 'version'), licence, dependencies };
}

function composerFacts(json: JsonRecord | null): Facts {
  if (json === null) return {};
  const dependencies = keys(recordAt(json, 'require')) + keys(recordAt(json, 'require-dev'));
  const licence = stringAt(json, 'license');
  return { name: stringAt(json, 'name'), version: stringAt(json, 'version'), licence, dependencies };
}

function pythonFacts(file: JsonRecord | null): Facts {
  const project = recordAt(file, 'project');
  const poetry = recordAt(recordAt(file, 'tool'), 'poetry');
  const about = project ?? poetry;
  if (about === null) return {};
  const optional = Object.values(recordAt(project, 'optional-dependencies') ?? {}).flat().length;
  const dependencies =
    project === null
      ? keys(recordAt(poetry, 'dependencies'))
      : listAt(project, 'dependencies').length + optional;
  const licence = stringAt(about, 'license') ?? stringAt(recordAt(about, 'license'), 'text');
  return { name: stringAt(about, 'name'), version: stringAt(about, 'version'), licence, dependencies };
}

function cargoFacts(file: JsonRecord | null): Facts {
  if (file === null) return {};
  const about = recordAt(file, 'package');
  const dependencies = keys(recordAt(file, 'dependencies')) + keys(recordAt(file, 'dev-dependencies'));
  const licence = stringAt(about, 'license');
  return { name: stringAt(about, 'name'), version: stringAt(about, 'version'), licence, dependencies };
}

function goFacts(text: string): Facts {
  const requires = text.match(/^\s*(?:require\s+)?[\w.-]+\.[\w.-]+\/\S+\s+v\d/gmu) ?? [];
  return { name: /^module\s+(\S+)/mu.exec(text)?.[1] ?? null, dependencies: requires.length };
}

function mavenFacts(text: string): Facts {
  try {
    const parsed: unknown = new XMLParser({ processEntities: false, parseTagValue: false }).parse(text);
    const project = isRecord(parsed) ? recordAt(parsed, 'project') : null;
    return { name: stringAt(project, 'artifactId'), version: stringAt(project, 'version') };
  } catch {
    // Malformed XML is an expected state of foreign files.
    return {};
  }
}

const requirementLines = (text: string): number =>
  text.split('\n').filter((line) => /^\s*[A-Za-z0-9]/u.test(line)).length;
