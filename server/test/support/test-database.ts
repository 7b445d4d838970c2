import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { buildDataSource } from '../../src/persistence/data-source.js';
import { migrate } from '../../src/persistence/migrate.js';
import { clusterUrl } from './test-cluster.js';

export interface TestDatabase {
  readonly url: string;
  /** Opened; on the migrated schema. */
  readonly dataSource: DataSource;
  /** Closes the connections and removes the database. */
  drop(): Promise<void>;
}

const MIGRATIONS = join(import.meta.dirname, '../../src/persistence/migrations');
const PROFILES = join(import.meta.dirname, '../../src/workflow/profiles');
const QUEUE = join(import.meta.dirname, '../../../node_modules/graphile-worker/package.json');
const TEMPLATE_LOCK = 7_270_012;

/** What a test's database is a copy of; made once a run, by the first test that needs it. */
export interface Template {
  readonly name: string;
  /** Fills the database of this URL, on the migrated schema. */
  readonly fill: (url: string) => Promise<void>;
}

const EMPTY: Template = { name: 'empty', fill: () => Promise.resolve() };

/**
 * Gives a test file a database of its own, cloned from a template that all migrations were run on once.
 * `TEST_DATABASE_URL` names a server to use instead of the embedded one; its user may create databases.
 */
export async function createTestDatabase(template = EMPTY): Promise<TestDatabase> {
  const server = await clusterUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await cloneTemplate(server, name, template);
  const url = withDatabase(server, name);
  const dataSource = await buildDataSource(url).initialize();
  const drop = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url, dataSource, drop };
}

/** One clone at a time: PostgreSQL refuses to copy a template that another session is connected to. */
async function cloneTemplate(server: string, name: string, of: Template): Promise<void> {
  const template = `template_${of.name}_${await sourcesDigest()}`;
  await onServer(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await buildTemplate(server, client, template, of);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  });
}

/** Built under another name, so that a failing migration leaves nothing that looks complete. */
async function buildTemplate(server: string, client: Client, template: string, of: Template): Promise<void> {
  const draft = `${template}_draft`;
  await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${draft}`);
  const url = withDatabase(server, draft);
  const dataSource = await buildDataSource(url).initialize();
  await migrate(dataSource, url).finally(() => dataSource.destroy());
  await of.fill(url);
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
}

/** Of what templates are made from: the schema, and the profiles that a first start publishes. */
async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256');
  const filesOf = async (folder: string): Promise<string[]> =>
    (await readdir(folder)).sort().map((file) => join(folder, file));
  const files = [...(await filesOf(MIGRATIONS)), ...(await filesOf(PROFILES))];
  for (const file of [...files, QUEUE]) hash.update(file).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer<T>(server: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: server });
  await client.connect();
  return work(client).finally(() => client.end());
}
