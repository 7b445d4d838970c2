import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { StartupError } from '../problems/startup-error.js';
import { isAlive, programName } from './live-process.js';
import { choosePostgresAccount, letThrough, spawnAs, type PostgresAccount } from './postgres-account.js';
import { locatePostgresBinaries } from './postgres-binaries.js';
import { clusterFolder, ensureCluster, POSTGRES_USER, readPassword } from './postgres-cluster.js';
import { lastPostgresLines, openPostgresLog } from './postgres-log.js';
import { postgresPort } from './postgres-port.js';
import { readPostmaster, type Postmaster } from './postmaster-file.js';

export interface EmbeddedPostgres {
  /** Connection URL of the database `postgres`, with the password. */
  readonly url: string;
  readonly pid: number;
  /** Fast shutdown: sessions are ended, everything committed is on disk. Resolves when the server is gone. */
  readonly stop: () => Promise<void>;
}

/** Server settings by name, such as `{ fsync: 'off' }`. */
export type PostgresSettings = Readonly<Record<string, string>>;

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 10;
const TOO_MANY_CONNECTIONS = '53300';
const LAUNCH_ATTEMPTS = 5;
const LAUNCH_PAUSE_MS = 500;
const PASSING_TROUBLE = /shared memory block .* in use|could not bind/;
const SETTINGS: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  jit: 'off',
  max_connections: '200',
  timezone: 'UTC',
};

/**
 * Starts the PostgreSQL of a data folder on its loopback port, creating the cluster the first time, or takes
 * over the server that a killed parent left running. The caller holds the lock of the data folder.
 * @throws StartupError for a cluster of another major version, or where the server does not start.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  settings: PostgresSettings = {},
): Promise<EmbeddedPostgres> {
  const cluster = clusterFolder(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const running = await findRunning(dataDir);
  if (running !== null) return handleOf(dataDir, running);
  const binaries = await locatePostgresBinaries();
  const account = await choosePostgresAccount(cluster);
  await letThrough(account, dataDir);
  await ensureCluster(dataDir, binaries, account);
  return handleOf(dataDir, await launchPatiently(dataDir, binaries.postgres, account, settings));
}

/** The children of a server that was killed may hold its memory for a moment, and a free port may be taken. */
async function launchPatiently(...arguments_: Parameters<typeof launch>): Promise<Postmaster> {
  for (let attempt = 1; attempt < LAUNCH_ATTEMPTS; attempt += 1) {
    const launched = await launch(...arguments_).catch((error: unknown) => {
      if (error instanceof StartupError && PASSING_TROUBLE.test(error.message)) return null;
      throw error;
    });
    if (launched !== null) return launched;
    await delay(LAUNCH_PAUSE_MS);
  }
  return launch(...arguments_);
}

/**
 * Finds the server that another process runs on this data folder, waiting up to a minute for it.
 * @returns its connection URL
 * @throws StartupError where none gets ready.
 */
export async function attachEmbeddedPostgres(dataDir: string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const running = await findRunning(dataDir);
    if (running !== null) return (await handleOf(dataDir, running)).url;
    await delay(100);
  }
  throw new StartupError(`No orchestrator runs on ${dataDir}: start one there first, or set DATABASE_URL.`);
}

/** A server that is ready, after waiting for one that starts or stops; `null` where none runs. */
async function findRunning(dataDir: string): Promise<Postmaster | null> {
  const cluster = clusterFolder(dataDir);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const found = await readPostmaster(cluster);
    if (found === null || !(await isAlive(found.pid))) return null;
    const name = await programName(found.pid);
    if (name !== null && name !== 'postgres') {
      // After a crash of the machine the id may belong to an unrelated process, and PostgreSQL would refuse.
      await rm(join(cluster, 'postmaster.pid'), { force: true });
      return null;
    }
    // A server that was killed this moment still looks ready.
    if (found.status === 'ready' && (await answers(await urlOf(dataDir, found)))) return found;
    await delay(POLL_MS);
  }
  throw new StartupError(`The PostgreSQL of ${cluster} neither starts nor stops: see postgres.log.`);
}

async function launch(
  dataDir: string,
  program: string,
  account: PostgresAccount,
  settings: PostgresSettings,
): Promise<Postmaster> {
  const cluster = clusterFolder(dataDir);
  const all = Object.entries({ ...SETTINGS, port: String(await postgresPort(dataDir)), ...settings });
  const log = await openPostgresLog(dataDir);
  const args = ['-D', cluster, ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawnAs(account, program, args, log.fd);
  await log.close();
  child.unref();
  const ended = new AbortController();
  child.once('error', () => {
    ended.abort();
  });
  child.once('exit', () => {
    ended.abort();
  });
  return waitUntilReady(dataDir, child.pid, ended.signal);
}

async function waitUntilReady(
  dataDir: string,
  pid: number | undefined,
  ended: AbortSignal,
): Promise<Postmaster> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && !ended.aborted) {
    const postmaster = await readPostmaster(clusterFolder(dataDir));
    // A file left by an earlier server may still say "ready".
    if (postmaster?.pid === pid && postmaster?.status === 'ready') return postmaster;
    await delay(POLL_MS);
  }
  throw new StartupError(`PostgreSQL did not start: ${await lastPostgresLines(dataDir)}`);
}

async function handleOf(dataDir: string, postmaster: Postmaster): Promise<EmbeddedPostgres> {
  const stop = (): Promise<void> => stopServer(postmaster.pid);
  return { url: await urlOf(dataDir, postmaster), pid: postmaster.pid, stop };
}

async function urlOf(dataDir: string, { port }: Postmaster): Promise<string> {
  return `postgres://${POSTGRES_USER}:${await readPassword(dataDir)}@127.0.0.1:${String(port)}/postgres`;
}

async function stopServer(pid: number): Promise<void> {
  if (!(await isAlive(pid))) return;
  // SIGINT is PostgreSQL's fast shutdown.
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (!(await isAlive(pid))) return;
    await delay(POLL_MS);
  }
  throw new Error(`PostgreSQL (process ${String(pid)}) did not stop within a minute`);
}

/** Whether the server answers to our password; that it has no connection left is an answer too. */
async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  const answer = client.connect().then(
    () => true,
    (error: unknown) => (error as { code?: unknown }).code === TOO_MANY_CONNECTIONS,
  );
  return answer.finally(() => client.end().catch(() => undefined));
}
