import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type * as EmbeddedPostgres from '../../server/src/persistence/embedded-postgres.js';
import { freePort, Place } from './processes.ts';

export const EMAIL = 'admin@example.org';
export const PASSWORD = 'correct horse battery staple';
const READY_MS = 120_000;

/** Times in seconds. */
export interface LeaseTimes {
  readonly lease: number;
  readonly heartbeat: number;
  readonly sweep: number;
}

type Embedded = typeof EmbeddedPostgres;

/** PostgreSQL, two API and two worker processes on one data folder, all on loopback. */
export class Cluster {
  readonly databaseUrl: string;
  readonly apis: readonly Place[];
  readonly workers: readonly Place[];
  readonly urls: readonly string[];
  readonly dataDir: string;
  private readonly folder: string;
  private readonly port: number;
  private readonly embedded: Embedded;
  private postgresPid = 0;

  private constructor(
    folder: string,
    embedded: Embedded,
    database: { readonly url: string; readonly port: number },
    ports: readonly number[],
    places: (url: string) => { readonly apis: readonly Place[]; readonly workers: readonly Place[] },
  ) {
    this.folder = folder;
    this.embedded = embedded;
    this.port = database.port;
    this.databaseUrl = database.url;
    this.dataDir = join(folder, 'data');
    const { apis, workers } = places(database.url);
    this.apis = apis;
    this.workers = workers;
    this.urls = ports.map((port) => `http://127.0.0.1:${port}`);
  }

  static async start(root: string, folder: string, times: LeaseTimes): Promise<Cluster> {
    const embedded = (await import(join(root, 'dist/server/persistence/embedded-postgres.js'))) as Embedded;
    await mkdir(join(folder, 'data'), { recursive: true });
    const port = await freePort();
    const server = await embedded.startEmbeddedPostgres(join(folder, 'database'), { port: String(port) });
    const ports = [await freePort(), await freePort()];
    const environment = (url: string): Record<string, string> => ({
      DATABASE_URL: url,
      DATA_DIR: join(folder, 'data'),
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: PASSWORD,
      LEASE_SECONDS: String(times.lease),
      HEARTBEAT_SECONDS: String(times.heartbeat),
      SWEEP_SECONDS: String(times.sweep),
      GRACE_SECONDS: '1',
      // One worker that is left can hold all that the drivers start: a step waits for its recovery, not for a place.
      STEP_CONCURRENCY: '16',
      RATE_LIMIT_PER_MINUTE: '1000000',
      RATE_LIMIT_BURST: '100000',
      SECRET_KEY: 'the secret key of a harness that lives for minutes',
      LOG_LEVEL: 'warn',
    });
    const places = (url: string) => ({
      apis: ports.map(
        (at, n) =>
          new Place(`api-${n + 1}`, 'api', root, folder, {
            ...environment(url),
            ROLE: 'api',
            PORT: String(at),
          }),
      ),
      workers: [1, 2].map(
        (n) => new Place(`worker-${n}`, 'worker', root, folder, { ...environment(url), ROLE: 'worker' }),
      ),
    });
    const cluster = new Cluster(folder, embedded, { url: server.url, port }, ports, places);
    cluster.postgresPid = server.pid;
    for (const place of cluster.places) place.start();
    await cluster.untilReady();
    return cluster;
  }

  get places(): readonly Place[] {
    return [...this.apis, ...this.workers];
  }

  /** Waits until both API processes can do their work. @returns how long it took, milliseconds */
  async untilReady(): Promise<number> {
    const began = performance.now();
    for (const url of this.urls) {
      while (!(await isReady(url))) {
        if (performance.now() - began > READY_MS) throw new Error(`${url} does not get ready`);
        for (const place of this.places) place.start();
        await delay(100);
      }
    }
    return performance.now() - began;
  }

  async stopPostgres(how: 'SIGKILL' | 'SIGINT'): Promise<void> {
    process.kill(this.postgresPid, how);
    while (isAlive(this.postgresPid)) await delay(20);
  }

  async startPostgres(): Promise<void> {
    const database = join(this.folder, 'database');
    const server = await this.embedded.startEmbeddedPostgres(database, { port: String(this.port) });
    this.postgresPid = server.pid;
  }

  /** Ends every connection that listens, as a broken network does. */
  async endListeners(): Promise<void> {
    await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND (query ILIKE 'listen%' OR application_name = 'orchestrator live')`,
    );
  }

  async query<T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<T>(text, [...values])).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    for (const place of this.places) await place.signal('SIGCONT');
    await Promise.all(this.places.map((place) => place.signal('SIGTERM')));
    if (isAlive(this.postgresPid)) await this.stopPostgres('SIGINT');
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3000) }).then(
    (answer) => answer.ok,
    () => false,
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
