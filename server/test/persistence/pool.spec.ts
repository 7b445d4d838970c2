import { Test, type TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { PersistenceModule } from '../../src/persistence/persistence.module.js';
import { PG_POOL } from '../../src/persistence/pg-pool.js';
import { testConfig } from '../support/test-config.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('the pool of connections', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    const config = ConfigModule.of(testConfig('/tmp', database.url));
    module = await Test.createTestingModule({ imports: [config, PersistenceModule] }).compile();
    module.useLogger(false);
    pool = module.get<Pool>(PG_POOL);
  });
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  it.each([
    ['PG_POOL', () => pool],
    ['TypeORM', () => (module.get(DataSource).driver as PostgresDriver).master as Pool],
  ])('outlives a connection that is lost while somebody uses it, between two queries: %s', async (_, of) => {
    const client = await of().connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await database.dataSource.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    client.release();
    expect((await of().query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
