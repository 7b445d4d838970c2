// Measures the list of runs at several sizes of the database, under writes:
// `npm run bench:list -- [--out=FILE] [--server=URL] [SIZE…]`. A server that is given keeps its databases `runs_SIZE`
// and is asked for them again; without one, a server is started and removed.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type * as dataSource from '../../server/src/persistence/data-source.js';
import type * as embeddedPostgres from '../../server/src/persistence/embedded-postgres.js';
import type * as migration from '../../server/src/persistence/migrate.js';
import type * as runList from '../../server/src/runs/run-list.repository.js';
import type { RunFilter, RunListRepository, RunPage } from '../../server/src/runs/run-list.repository.js';
import { CASES_BY_ROW, CASES_INSIDE, SORTS } from './list-cases.ts';
import { seedRuns } from './seed-runs.ts';

/** Nobody goes away while a benchmark waits. */
const STAYS = new AbortController().signal;

const ROOT = join(import.meta.dirname, '../..');
const SAMPLES = 10;
/** Longest measurement of one list, so that a slow one does not hold up the others. */
const CASE_MS = 5000;
const LEAST_SAMPLES = 3;
const WRITES_PER_SECOND = 20;
const PAGE: Omit<RunPage, 'sort'> = { limit: 50, offset: 0, cursor: null };

const built = (path: string): Promise<unknown> => import(join(ROOT, 'dist/server', path));
const { startEmbeddedPostgres } = (await built(
  'persistence/embedded-postgres.js',
)) as typeof embeddedPostgres;
const { buildDataSource } = (await built('persistence/data-source.js')) as typeof dataSource;
const { migrate } = (await built('persistence/migrate.js')) as typeof migration;
const { RunListRepository: Repository } = (await built('runs/run-list.repository.js')) as typeof runList;

/** Milliseconds. */
interface Spread {
  readonly median: number;
  readonly p95: number;
}

/** A page over all orders of a list, and the list's total; a request waits for the slower of them. */
interface Figure {
  readonly name: string;
  readonly page: Spread;
  readonly total: Spread | null;
}

/** Times the work until it was done as often as wanted, or for as long as one case may take. */
async function sample(times: number, work: (turn: number) => Promise<unknown>): Promise<Spread> {
  const taken: number[] = [];
  const end = performance.now() + CASE_MS;
  for (let turn = 0; turn < times && (turn < LEAST_SAMPLES || performance.now() < end); turn += 1) {
    const began = performance.now();
    await work(turn);
    taken.push(performance.now() - began);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number): number => taken[Math.floor((taken.length - 1) * share)] ?? NaN;
  return { median: at(0.5), p95: at(0.95) };
}

async function measure(list: RunListRepository, name: string, filter: RunFilter): Promise<Figure> {
  const read = (turn: number): Promise<unknown> =>
    list.page(filter, { ...PAGE, sort: SORTS[turn % SORTS.length] ?? '-created_at' }, STAYS);
  await sample(SORTS.length, read);
  const page = await sample(SAMPLES * SORTS.length, read);
  return { name, page, total: await sample(2 * SAMPLES, () => list.count(filter, STAYS)) };
}

/** The newest runs by cursor, far behind the first page. */
async function measureDeep(list: RunListRepository, filter: RunFilter): Promise<Figure> {
  let page: RunPage = { ...PAGE, sort: '-created_at' };
  const turn = async (): Promise<void> => {
    const last = (await list.page(filter, page, STAYS))[PAGE.limit - 1];
    if (last !== undefined) page = { ...page, cursor: { sort: page.sort, key: last.sort_key, id: last.id } };
  };
  await sample(40, turn);
  return { name: 'all: pages 41 to 60 by cursor', page: await sample(20, turn), total: null };
}

/** Changes runs as the engine does until it is told to stop. */
async function write(pool: pg.Pool, stop: AbortSignal): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM runs ORDER BY created_at DESC LIMIT 1000',
  );
  for (let turn = 0; !stop.aborted; turn += 1) {
    await pool.query(
      'UPDATE runs SET updated_at = now(), working_ms = working_ms + 1, cost_usd = cost_usd + 0.001 WHERE id = $1',
      [rows[turn % rows.length]?.id],
    );
    await delay(1000 / WRITES_PER_SECOND);
  }
}

/** @returns the URL of the database with that many runs, which is filled where it does not exist */
async function databaseOf(server: string, size: number): Promise<string> {
  const name = `runs_${String(size)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  if (rowCount === 0) await fill(url.href, size);
  return url.href;
}

async function fill(url: string, size: number): Promise<void> {
  const source = await buildDataSource(url).initialize();
  await migrate(source, url).finally(() => source.destroy());
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await seedRuns(client, size);
  await client.end();
}

async function benchSize(server: string, size: number): Promise<Figure[]> {
  const pool = new pg.Pool({ connectionString: await databaseOf(server, size) });
  const writing = new AbortController();
  const writer = write(pool, writing.signal);
  const list = new Repository(pool);
  const figures: Figure[] = [];
  for (const { name, filter } of [...CASES_BY_ROW, ...CASES_INSIDE])
    figures.push(await measure(list, name, filter));
  const [first] = CASES_BY_ROW;
  if (first !== undefined) figures.push(await measureDeep(list, first.filter));
  writing.abort();
  await writer;
  await pool.end();
  return figures;
}

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const given = process.argv.slice(2).map(Number).filter(Number.isInteger);
const sizes = given.length > 0 ? given : [1000, 100_000, 1_000_000];
const results: { readonly size: number; readonly figures: Figure[] }[] = [];

async function benchAll(server: string): Promise<void> {
  for (const size of sizes) {
    console.log(`Filling and reading ${String(size)} runs …`);
    results.push({ size, figures: await benchSize(server, size) });
  }
}

async function benchOnOwnServer(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestrator-bench-'));
  const server = await startEmbeddedPostgres(folder, { fsync: 'off', max_wal_size: '8GB' });
  try {
    await benchAll(server.url);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const ready = option('server');
await (ready === undefined ? benchOnOwnServer() : benchAll(ready));
const text = (spread: Spread | null | undefined): string =>
  spread ? `${spread.median.toFixed(1)} / ${spread.p95.toFixed(1)}` : '–';
console.log('\nMilliseconds, median / p95, of a page and of its total.\n');
console.log(`| list | ${sizes.map((size) => `${size.toLocaleString('en')} page | total`).join(' | ')} |`);
console.log(`|---|${sizes.map(() => '--:|--:|').join('')}`);
for (const [at, { name }] of (results[0]?.figures ?? []).entries()) {
  const cells = results.map(({ figures }) => `${text(figures[at]?.page)} | ${text(figures[at]?.total)}`);
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
const report = option('out') ?? join(ROOT, 'coverage/bench/list.json');
await mkdir(dirname(report), { recursive: true });
const machine = { cpu: cpus()[0]?.model ?? null, cpus: cpus().length, node: process.version };
await writeFile(report, JSON.stringify({ at: new Date().toISOString(), machine, results }, null, 2));
console.log(`\nWritten to ${report}`);
