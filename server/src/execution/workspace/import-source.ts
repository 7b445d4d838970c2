import { createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../../problems/domain-error.js';
import { hostAddresses } from '../../outbound/host-addresses.js';
import { readBundle } from './bundles.js';
import { IDENTITY } from './git-environment.js';
import { gitFailed } from './git.js';
import type { Git } from './git.js';
import {
  allowedFolder,
  allowedRef,
  allowedUrl,
  notAllowed,
  refNotFound,
  repositoryNotFound,
} from './repository-source.js';
import type { RepositorySource } from './repository-source.js';

/** The commit that a run starts from, in the run's own repository. */
export const BASE_REF = 'refs/orchestrator/base';

export interface ImportRules {
  readonly repositoryRoots: readonly string[];
  /** Lets https URLs lead to private and loopback addresses. */
  readonly allowPrivateHosts: boolean;
  /** A file of certificate authorities to trust besides the system's; null for none. */
  readonly caFile: string | null;
  /** Names are resolved by a proxy, so addresses cannot be judged or pinned here. */
  readonly throughProxy: boolean;
  readonly maxRepositoryBytes: number;
  readonly fetchTimeoutMs: number;
}

/**
 * Fills a fresh bare repository from its source and sets {@link BASE_REF}.
 * @throws DomainError `repository_not_allowed`, `repository_not_found`, `ref_not_found`, `repository_too_large`
 */
export async function importSource(
  git: Git,
  repo: string,
  source: RepositorySource,
  rules: ImportRules,
): Promise<void> {
  switch (source.kind) {
    case 'empty':
      return commitNothing(git, repo);
    case 'bundle':
      return importBundle(git, repo, await source.open());
    case 'path':
      return importFolder(git, repo, source, rules);
    case 'url':
      return importUrl(git, repo, source, rules);
  }
}

/** The Git folder behind an allowed path; a work tree may keep it elsewhere, and that has to be allowed too. */
export async function sourceGitFolder(git: Git, path: string, roots: readonly string[]): Promise<string> {
  const folder = await allowedFolder(path, roots);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw repositoryNotFound(`${JSON.stringify(path)} is not a folder`);
  const found = await git.run(['rev-parse', '--path-format=absolute', '--git-common-dir'], {
    cwd: folder,
    env: { GIT_CEILING_DIRECTORIES: dirname(folder) },
  });
  if (found.exitCode !== 0)
    throw repositoryNotFound(`The folder ${JSON.stringify(path)} is not a Git repository`);
  return allowedFolder(found.stdout.toString('utf8').replace(/\n$/, ''), roots);
}

async function importBundle(git: Git, repo: string, content: Readable): Promise<void> {
  const file = join(repo, 'upload.bundle');
  await pipeline(content, createWriteStream(file));
  await readBundle(git, repo, file, BASE_REF);
  await rm(file);
}

async function importFolder(
  git: Git,
  repo: string,
  source: { readonly path: string; readonly ref: string | null },
  rules: ImportRules,
): Promise<void> {
  const wanted = allowedRef(source.ref);
  const folder = await allowedFolder(source.path, rules.repositoryRoots);
  const gitFolder = await sourceGitFolder(git, source.path, rules.repositoryRoots);
  const commit = await git.run(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`],
    {
      cwd: folder,
    },
  );
  if (commit.exitCode !== 0) {
    const anything = await git.text(['for-each-ref', '--count=1'], { cwd: gitFolder });
    if (source.ref === null && anything === '') return commitNothing(git, repo);
    throw refNotFound(wanted);
  }
  await fetchInto(git, repo, gitFolder, commit.stdout.toString('utf8').trim(), rules, {});
}

async function importUrl(
  git: Git,
  repo: string,
  source: { readonly url: string; readonly ref: string | null },
  rules: ImportRules,
): Promise<void> {
  const wanted = allowedRef(source.ref);
  const url = allowedUrl(source.url);
  const env = { ...(await httpEnvironment(url, rules)), GIT_ALLOW_PROTOCOL: 'https' };
  try {
    await fetchInto(git, repo, url.href, wanted, rules, env);
  } catch (error) {
    // Only "this ref is not there" has a second meaning: a repository without any commit.
    if (!(error instanceof DomainError) || error.code !== 'ref_not_found' || source.ref !== null) throw error;
    const refs = await git.run(['ls-remote', '--', url.href], { env, timeoutMs: rules.fetchTimeoutMs });
    if (refs.exitCode !== 0 || refs.stdout.length > 0) throw error;
    await commitNothing(git, repo);
  }
}

async function fetchInto(
  git: Git,
  repo: string,
  from: string,
  wanted: string,
  rules: ImportRules,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const args = ['fetch', '--quiet', '--no-write-fetch-head', '--update-shallow', '--end-of-options', from];
  const result = await git.run([...args, `+${wanted}:refs/orchestrator/source`], {
    cwd: repo,
    env,
    timeoutMs: rules.fetchTimeoutMs,
    keepGoing: async () => (await folderSize(repo)) <= rules.maxRepositoryBytes,
  });
  // A fetch that was ended for its size leaves what it had fetched so far.
  if ((await folderSize(repo)) > rules.maxRepositoryBytes) throw tooLarge(rules.maxRepositoryBytes);
  if (result.exitCode !== 0) {
    if (/couldn't find remote ref|not our ref/i.test(result.stderr)) throw refNotFound(wanted);
    const reason = gitFailed(['fetch'], result).message;
    throw repositoryNotFound(`The repository cannot be read: ${reason}`);
  }
  await git.text(['update-ref', BASE_REF, 'refs/orchestrator/source^{commit}'], { cwd: repo }).catch(() => {
    throw refNotFound(wanted);
  });
  await git.text(['update-ref', '-d', 'refs/orchestrator/source'], { cwd: repo });
}

/** Resolves the host itself and pins what it found, so that what was judged is what is called. */
async function httpEnvironment(url: URL, rules: ImportRules): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  if (rules.caFile !== null) settings['GIT_SSL_CAINFO'] = rules.caFile;
  if (rules.throughProxy) return settings;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const found = await hostAddresses(host, rules.allowPrivateHosts);
  if (found.kind === 'unknown') throw repositoryNotFound(`The host ${JSON.stringify(host)} has no address`);
  if (found.kind === 'private') throw notAllowed('its host has a private address');
  const pinned = found.addresses
    .map((address) => (address.includes(':') ? `[${address}]` : address))
    .join(',');
  return {
    ...settings,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.curloptResolve',
    GIT_CONFIG_VALUE_0: `${host}:${url.port === '' ? '443' : url.port}:${pinned}`,
  };
}

/** A repository without commits gets one without files, so that every run has a commit to start from. */
async function commitNothing(git: Git, repo: string): Promise<void> {
  const { name, email } = IDENTITY;
  const message = 'Start of the run: an empty repository';
  const input = `commit ${BASE_REF}\ncommitter ${name} <${email}> now\ndata ${message.length}\n${message}\n`;
  await git.text(['fast-import', '--quiet', '--date-format=now'], { cwd: repo, input });
}

async function folderSize(folder: string): Promise<number> {
  let size = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    size += await stat(join(entry.parentPath, entry.name)).then(
      (found) => found.size,
      () => 0,
    );
  }
  return size;
}

const tooLarge = (limit: number): DomainError =>
  new DomainError(413, 'repository_too_large', `The repository is larger than the limit of ${limit} bytes`);
