import type { Pool } from 'pg';

/**
 * Lets a pool outlive its connections, which end when PostgreSQL restarts: the pool opens others. Who is using one learns of
 * it by their query; between two queries nobody else listens, and an error that nobody hears would end the process.
 * @param say is told of each lost connection once
 */
export function outliveConnections(pool: Pool, say: (error: Error) => void): void {
  pool.on('connect', (client) => client.on('error', say));
  // What an idle connection has said already.
  pool.on('error', () => undefined);
}
