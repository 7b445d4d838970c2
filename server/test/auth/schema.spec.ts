import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('schema', () => {
  const TABLES = [
    'users',
    'sessions',
    'api_keys',
    'setup_tokens',
    'login_attempts',
    'rate_windows',
    'idempotency_keys',
  ];
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  }, 60_000);
  afterAll(async () => {
    await database.drop();
  });

  it('has no difference between the account entities and the migrated schema', async () => {
    const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
    const ours = upQueries.filter(({ query }) => TABLES.some((table) => query.includes(`"${table}"`)));
    expect(ours.map(({ query }) => query)).toEqual([]);
  });
});
