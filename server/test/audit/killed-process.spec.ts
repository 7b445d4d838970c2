import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, START_PATIENCE_MS, type Cluster } from '../recovery/cluster.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const AT_ONCE = 50;
const ANSWERED = 20;

describe('a process that is killed the moment after an answer', () => {
  let database: TestDatabase;
  let cluster: Cluster;
  beforeAll(async () => {
    database = await createTestDatabase();
    cluster = await startCluster(database.url, 0);
  }, START_PATIENCE_MS);
  afterAll(async () => {
    await cluster.stop();
    await database.drop();
  });

  const count = async (sql: string): Promise<number> => {
    const [row] = await cluster.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`);
    return row?.n ?? -1;
  };

  it('leaves the entry of every answer, and a trace of every change', async () => {
    let answers = 0;
    const one = async (n: number): Promise<void> => {
      const { status } = await cluster.admin.post('/secrets', {
        name: `NAME_${String(n)}`,
        value: 'a value',
      });
      expect(status).toBe(201);
      answers += 1;
      if (answers === ANSWERED) cluster.api.child.kill('SIGKILL');
    };
    await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, n) => one(n)));
    await cluster.api.exited;
    expect(answers).toBeGreaterThanOrEqual(ANSWERED);
    const entries = await count(`audit_entries WHERE action = 'POST /secrets' AND status = 201`);
    const begun = await count(`audit_intents WHERE fact ->> 'action' = 'POST /secrets'`);
    expect(entries).toBeGreaterThanOrEqual(answers);
    expect(entries + begun).toBeGreaterThanOrEqual(await count('secrets'));
  });
});
