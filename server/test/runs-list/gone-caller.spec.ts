import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

describe('a client that disconnects', () => {
  let api: TestApp;
  let other: Client;

  beforeAll(async () => {
    api = await startTestApp();
    other = new Client({ connectionString: api.database.url });
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await api.stop();
  });

  /** Reads of the list that wait for the lock of the test. */
  const waiting = async (): Promise<number> => {
    const [row] = await api.database.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'SELECT %FROM runs r%'`,
    );
    return row?.n ?? 0;
  };

  it('has its query cancelled: nothing is read on for nobody, and the next caller is answered', async () => {
    await other.query('BEGIN');
    await other.query('LOCK TABLE runs IN ACCESS EXCLUSIVE MODE');
    const leaving = new AbortController();
    const answer = api.member.raw('/runs', { signal: leaving.signal }).then(
      () => 'answered',
      () => 'left',
    );
    await eventually(waiting, (count) => count > 0);
    leaving.abort();
    expect(await answer).toBe('left');
    // The lock is still held: only a cancellation ends what waits for it.
    await eventually(waiting, (count) => count === 0);
    await other.query('ROLLBACK');
    const { status } = await api.member.get('/runs');
    expect(status).toBe(200);
  });
});
