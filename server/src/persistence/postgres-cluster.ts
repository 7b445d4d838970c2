import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '../problems/startup-error.js';
import { giveTo, spawnAs, type PostgresAccount } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { lastPostgresLines, openPostgresLog } from './postgres-log.js';

export const POSTGRES_USER = 'orchestrator';
/** The PostgreSQL major version of the embedded binaries. */
const MAJOR = '18';

export const clusterFolder = (dataDir: string): string => join(dataDir, 'postgres');
const passwordFile = (dataDir: string): string => join(dataDir, 'postgres.password');

export const readPassword = (dataDir: string): Promise<string> => readFile(passwordFile(dataDir), 'utf8');

/**
 * Makes sure that the data folder has a cluster that the embedded binaries can run.
 * @throws StartupError for a cluster of another major version.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
): Promise<void> {
  const cluster = clusterFolder(dataDir);
  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) return createCluster(dataDir, binaries, account);
  if (version.trim() !== MAJOR) {
    throw new StartupError(
      `The data in ${cluster} belongs to PostgreSQL ${version.trim()}, this release runs PostgreSQL ${MAJOR}. ` +
        'Restore a dump into a new DATA_DIR, or set DATABASE_URL to a server of that version.',
    );
  }
}

/** Builds the cluster beside its place and moves it there complete, so that a kill leaves no half of one. */
async function createCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
): Promise<void> {
  const draft = `${clusterFolder(dataDir)}.new`;
  const passwordForInitdb = join(dataDir, 'postgres.initdb');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await giveTo(account, draft);
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile(dataDir), password, { mode: 0o600 });
  await writeFile(passwordForInitdb, password, { mode: 0o600 });
  await giveTo(account, passwordForInitdb);
  await runInitdb(dataDir, account, binaries.initdb, [
    ...['--pgdata', draft, '--username', POSTGRES_USER, '--pwfile', passwordForInitdb],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'],
    ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ]).finally(() => rm(passwordForInitdb, { force: true }));
  await rename(draft, clusterFolder(dataDir));
}

async function runInitdb(
  dataDir: string,
  account: PostgresAccount,
  program: string,
  args: readonly string[],
): Promise<void> {
  const log = await openPostgresLog(dataDir);
  const child = spawnAs(account, program, args, log.fd);
  const [code] = (await once(child, 'exit').finally(() => log.close())) as [number | null];
  if (code !== 0) {
    throw new StartupError(`PostgreSQL's data could not be created: ${await lastPostgresLines(dataDir)}`);
  }
}
