import { baseName, isForeign, isGenerated, isTestFile } from '../domain/paths.js';
import { isText, type Repository, type RepositoryFile } from '../repository.js';
import { languageOf, type LanguageKind } from './languages.js';
import { isLicenceFile, licenceOfText } from './licences.js';
import { ecosystemOf, lockFileOf, readManifest, type Manifest } from './manifests.js';

/** What a repository consists of. Counts are of tracked files; lines are of text files up to 2 MiB. */
export interface Inventory {
  readonly files: number;
  /** Files that were looked at; fewer than `files` where the limit was reached. */
  readonly inspected: number;
  readonly bytes: number;
  readonly lines: number;
  readonly binary_files: number;
  /** Too large or unreadable, so that their lines are not counted. */
  readonly uncounted_files: readonly string[];
  readonly symlinks: number;
  readonly submodules: readonly string[];
  readonly largest_files: readonly { readonly path: string; readonly size_bytes: number }[];
  readonly languages: readonly LanguageShare[];
  readonly manifests: readonly Manifest[];
  readonly lock_files: readonly { readonly path: string; readonly package_manager: string }[];
  readonly licence_files: readonly { readonly path: string; readonly spdx: string | null }[];
  readonly test_files: number;
  readonly test_examples: readonly string[];
  readonly ci: readonly { readonly path: string; readonly system: string }[];
  readonly documents: readonly string[];
}

export interface LanguageShare {
  readonly name: string;
  readonly kind: LanguageKind;
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
  /** Of the bytes of all files in a programming or markup language; null for data and prose. */
  readonly share: number | null;
}

const CI_SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/^\.github\/workflows\/[^/]+\.ya?ml$/u, 'GitHub Actions'],
  [/^\.gitlab-ci\.yml$/u, 'GitLab CI'],
  [/^\.circleci\/config\.yml$/u, 'CircleCI'],
  [/^\.travis\.yml$/u, 'Travis CI'],
  [/^Jenkinsfile$/u, 'Jenkins'],
  [/^azure-pipelines\.ya?ml$/u, 'Azure Pipelines'],
  [/^bitbucket-pipelines\.yml$/u, 'Bitbucket Pipelines'],
  [/^\.(?:woodpecker|drone)\.ya?ml$/u, 'Woodpecker or Drone'],
  [/^\.(?:forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/u, 'Forgejo Actions'],
  [/^\.appveyor\.yml$|^appveyor\.yml$/u, 'AppVeyor'],
];

const DOCUMENT =
  /^(?:docs?\/.+\.(?:md|rst|adoc)|(?:readme|contributing|changelog|changes|security|code_of_conduct|history)(?:\.\w+)?)$/iu;
const MAX_NAMED = 50;

/** Reads every inspected file once and adds up what it is. */
export async function takeInventory(repository: Repository): Promise<Inventory> {
  const tally = new Tally();
  for (const file of repository.files) tally.add(file, await repository.read(file));
  const { files } = repository;
  const paths = files.map((file) => file.path);
  const bySize = files.filter((file) => file.sizeBytes > 0).sort((a, b) => b.sizeBytes - a.sizeBytes);
  const tests = paths.filter(isTestFile);
  return {
    files: repository.totalFiles,
    inspected: files.length,
    bytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    ...tally.result(),
    symlinks: files.filter((file) => file.kind === 'symlink').length,
    submodules: files.filter((file) => file.kind === 'submodule').map((file) => file.path),
    largest_files: bySize.slice(0, 10).map((file) => ({ path: file.path, size_bytes: file.sizeBytes })),
    manifests: await manifests(repository),
    lock_files: paths.flatMap(lockFileEntry).slice(0, MAX_NAMED),
    licence_files: await licenceFiles(repository),
    test_files: tests.length,
    test_examples: tests.slice(0, 10),
    ci: paths.flatMap(ciEntry).slice(0, MAX_NAMED),
    documents: paths.filter((path) => DOCUMENT.test(path)).slice(0, MAX_NAMED),
  };
}

const lockFileEntry = (path: string): Inventory['lock_files'] => {
  const manager = isForeign(path) ? null : lockFileOf(path);
  return manager === null ? [] : [{ path, package_manager: manager }];
};

const ciEntry = (path: string): Inventory['ci'] => {
  const system = CI_SYSTEMS.find(([pattern]) => pattern.test(path))?.[1];
  return system === undefined ? [] : [{ path, system }];
};

async function manifests(repository: Repository): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (const file of repository.files) {
    const ecosystem = isForeign(file.path) ? null : ecosystemOf(file.path);
    if (ecosystem === null || found.length >= MAX_NAMED) continue;
    found.push(readManifest(file.path, ecosystem, await repository.readText(file)));
  }
  return found;
}

async function licenceFiles(repository: Repository): Promise<Inventory['licence_files']> {
  const named = repository.files.filter(
    (file) => !isForeign(file.path) && isLicenceFile(baseName(file.path)),
  );
  const entries = named.slice(0, MAX_NAMED).map(async (file) => {
    const text = await repository.readText(file);
    return { path: file.path, spdx: text === null ? null : licenceOfText(text) };
  });
  return Promise.all(entries);
}

interface LanguageTally {
  readonly kind: LanguageKind;
  files: number;
  lines: number;
  bytes: number;
}

/** Adds up lines and languages file by file. */
class Tally {
  private lines = 0;
  private binary = 0;
  private readonly uncounted: string[] = [];
  private readonly languages = new Map<string, LanguageTally>();

  add(file: RepositoryFile, content: Buffer | null): void {
    if (file.kind !== 'file') return;
    if (content === null) {
      this.uncounted.push(file.path);
      return;
    }
    if (!isText(content)) {
      this.binary += 1;
      return;
    }
    const lines = countLines(content);
    this.lines += lines;
    if (!isForeign(file.path) && !isGenerated(file.path)) this.addLanguage(file, content, lines);
  }

  private addLanguage(file: RepositoryFile, content: Buffer, lines: number): void {
    const firstLine = content.subarray(0, 200).toString('utf8').split('\n', 1)[0] ?? '';
    const language = languageOf(file.path, firstLine);
    if (language === null) return;
    const sum = this.languages.get(language.name) ?? { kind: language.kind, files: 0, lines: 0, bytes: 0 };
    sum.files += 1;
    sum.lines += lines;
    sum.bytes += file.sizeBytes;
    this.languages.set(language.name, sum);
  }

  result(): Pick<Inventory, 'lines' | 'binary_files' | 'uncounted_files' | 'languages'> {
    const isCode = (kind: LanguageKind): boolean => kind === 'programming' || kind === 'markup';
    const all = [...this.languages].map(([name, sum]) => ({ name, ...sum }));
    const code = all.filter(({ kind }) => isCode(kind)).reduce((sum, { bytes }) => sum + bytes, 0);
    const share = (kind: LanguageKind, bytes: number): number | null =>
      isCode(kind) && code > 0 ? Math.round((bytes / code) * 10_000) / 10_000 : null;
    return {
      lines: this.lines,
      binary_files: this.binary,
      uncounted_files: this.uncounted.slice(0, MAX_NAMED),
      languages: all
        .map((language) => ({ ...language, share: share(language.kind, language.bytes) }))
        .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)),
    };
  }
}

/** Lines as `wc -l` and one more where the last has no line end; 0 for an empty file. */
export function countLines(content: Buffer): number {
  let lines = 0;
  for (let at = content.indexOf(10); at !== -1; at = content.indexOf(10, at + 1)) lines += 1;
  return content.length > 0 && content.at(-1) !== 10 ? lines + 1 : lines;
}
