import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';

/**
 * Runs a statement that PostgreSQL ends as soon as nobody waits for it any more.
 * @param gone aborts when whoever asked is gone
 * @throws the signal's reason where it was aborted, before or during the statement
 */
export async function queryUntil<T extends QueryResultRow>(
  pool: Pool,
  gone: AbortSignal,
  text: string,
  values: readonly unknown[],
): Promise<QueryResult<T>> {
  gone.throwIfAborted();
  const client = await pool.connect();
  let cancelling: Promise<unknown> = Promise.resolve();
  const cancel = (): void => {
    // The statement then fails, or has ended already: either way this one's failure changes nothing.
    cancelling = pool.query('SELECT pg_cancel_backend($1)', [processOf(client)]).catch(() => undefined);
  };
  gone.addEventListener('abort', cancel, { once: true });
  try {
    gone.throwIfAborted();
    return await client.query<T>(text, [...values]);
  } catch (error) {
    gone.throwIfAborted();
    throw error;
  } finally {
    gone.removeEventListener('abort', cancel);
    // A connection is used again only when no cancellation is on its way to it.
    await cancelling;
    client.release();
  }
}

/** The server's process behind a connection; pg has it without declaring it. */
const processOf = (client: PoolClient): number =>
  (client as PoolClient & { readonly processID: number }).processID;
