import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { buildDataSource } from './data-source.js';
import { DATABASE_URL } from './database-url.js';
import { openPool } from './lost-connections.js';
import { migrate } from './migrate.js';
import { PG_POOL } from './pg-pool.js';

async function openDataSource(url: string, config: AppConfig): Promise<DataSource> {
  const dataSource = await buildDataSource(url, config.limits.databaseConnections).initialize();
  await migrate(dataSource, url);
  return dataSource;
}

function openPgPool(url: string, config: AppConfig): Pool {
  const max = config.limits.databaseConnections;
  return openPool({ connectionString: url, max, application_name: 'orchestrator' }, ({ message }) => {
    new Logger('Database').warn(`A connection was lost: ${message}`);
  });
}

/** The database for everyone: TypeORM's `DataSource`, and a plain pool (`PG_POOL`) for the hot paths. */
@Global()
@Module({
  providers: [
    { provide: DATABASE_URL, useFactory: requireUrl, inject: [AppConfig] },
    { provide: DataSource, useFactory: openDataSource, inject: [DATABASE_URL, AppConfig] },
    { provide: PG_POOL, useFactory: openPgPool, inject: [DATABASE_URL, AppConfig] },
  ],
  exports: [DATABASE_URL, DataSource, PG_POOL],
})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(PG_POOL) private readonly pool: Pool,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
    await this.dataSource.destroy();
  }
}

function requireUrl(config: AppConfig): string {
  if (config.databaseUrl === null) throw new Error('The database URL is known before the application starts');
  return config.databaseUrl;
}
