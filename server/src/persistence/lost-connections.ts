import { Pool, type PoolConfig } from 'pg';

/** How long an unused connection stays open, milliseconds: opening one costs far more than keeping it. */
const IDLE_MS = 60_000;

/**
 * What every pool of ours is made with, so that it outlives its connections, which end when PostgreSQL restarts: the
 * pool opens others. Who is using one learns of it by their query; between two queries, and while a pool is closed,
 * nobody else listens, and an error that nobody hears would end the process.
 * @param say is told of a connection that is lost, maybe twice: why, and that it is gone
 */
export const poolOptions = (say: (error: Error) => void): PoolConfig => ({
  idleTimeoutMillis: IDLE_MS,
  onConnect: (client) => {
    client.on('error', say);
  },
});

/** A pool that outlives its connections. */
export function openPool(config: PoolConfig, say: (error: Error) => void): Pool {
  const pool = new Pool({ ...config, ...poolOptions(say) });
  // What an idle connection has said already.
  pool.on('error', () => undefined);
  return pool;
}
