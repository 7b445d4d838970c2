import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { AppConfig } from '../config/app-config.js';
import { lockDataFolder } from '../persistence/data-folder-lock.js';
import { attachEmbeddedPostgres, startEmbeddedPostgres } from '../persistence/embedded-postgres.js';
import { StartupError } from '../problems/startup-error.js';

export interface Database {
  readonly url: string;
  /** Gives back what this process holds: the last thing that it does. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** How long a server that answers that it is starting is waited for: it may replay its log first. */
const STARTING_PATIENCE_MS = 120_000;
const STARTING_PAUSE_MS = 500;
const STARTING = '57P03';
const OLDEST_VERSION = 140_000;
const nothing = (): Promise<void> => Promise.resolve();

/**
 * Gives the process its database: the server that DATABASE_URL names, else the embedded one of the data folder.
 * A worker uses the one that another process runs there.
 * @throws StartupError where the server cannot be reached or is too old, or the data folder is in use.
 */
export async function openDatabase(config: AppConfig): Promise<Database> {
  if (config.databaseUrl !== null) {
    await checkServer(config.databaseUrl);
    return { url: config.databaseUrl, close: nothing };
  }
  if (config.role === 'worker') return { url: await attachEmbeddedPostgres(config.dataDir), close: nothing };
  return openEmbedded(config.dataDir);
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const lock = await lockDataFolder(dataDir);
  try {
    const server = await startEmbeddedPostgres(dataDir);
    return { url: server.url, close: () => server.stop().finally(() => lock.release()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function checkServer(url: string): Promise<void> {
  const giveUpAt = Date.now() + STARTING_PATIENCE_MS;
  for (;;) {
    try {
      await askVersion(url);
      return;
    } catch (error) {
      if (!isStarting(error) || Date.now() > giveUpAt) {
        throw new StartupError(
          `The database of DATABASE_URL cannot be used: ${reasonOf(error)}. Check DATABASE_URL.`,
        );
      }
      await pause(STARTING_PAUSE_MS);
    }
  }
}

const isStarting = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === STARTING;

async function askVersion(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    if ((rows[0]?.version ?? 0) < OLDEST_VERSION) throw new Error('it is older than PostgreSQL 14');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A refused connection to a name with several addresses has one error for each, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
