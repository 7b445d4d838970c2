import { DataSource } from 'typeorm';
import { entities } from './entities.js';
import { migrations } from './migrations/index.js';
import { poolOptions } from './lost-connections.js';
import { SnakeNamingStrategy } from './snake-naming.strategy.js';

/** The TypeORM connection to a database, not yet opened. The schema comes from migrations alone. */
export function buildDataSource(url: string, poolSize = 10): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    // TypeORM logs that a connection was lost.
    extra: poolOptions(() => undefined),
    applicationName: 'orchestrator',
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNamingStrategy(),
    synchronize: false,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    logging: false,
  });
}
