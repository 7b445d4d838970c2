import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('a test database', () => {
  let first: TestDatabase;
  let second: TestDatabase;

  beforeAll(async () => {
    first = await createTestDatabase();
    second = await createTestDatabase();
  });

  afterAll(async () => {
    await first.drop();
    await second.drop();
  });

  it('carries the schema of the queue', async () => {
    const rows: unknown = await first.dataSource.query(
      'SELECT count(*)::int AS jobs FROM graphile_worker.jobs',
    );
    expect(rows).toEqual([{ jobs: 0 }]);
  });

  it('does not share its rows with another test database', async () => {
    await first.dataSource.query('CREATE TABLE only_here (id int)');
    await expect(second.dataSource.query('SELECT * FROM only_here')).rejects.toThrow('only_here');
  });
});
