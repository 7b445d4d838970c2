import { Logger, runMigrations as installQueueSchema } from 'graphile-worker';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';

/** Any fixed number: it names the lock that all processes of the orchestrator take before they migrate. */
const MIGRATION_LOCK = 7_270_011;
const silent = new Logger(() => () => undefined);

/**
 * Brings the schema of the application and of its queue up to date. Any number of processes may call it at
 * once: they go one after the other.
 * @param dataSource opened
 */
export async function migrate(dataSource: DataSource, url: string): Promise<void> {
  const lock = new Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
    await installQueueSchema({ connectionString: url, logger: silent });
  } finally {
    // Closing the session gives the lock back, whatever happened.
    await lock.end();
  }
}
