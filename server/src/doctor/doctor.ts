import { DataSource } from 'typeorm';
import { buildDataSource } from '../persistence/data-source.js';
import type { RunCheck } from './checks/check.js';
import { moneyChecks, wholeChecks } from './checks/money.js';
import { onceChecks } from './checks/once.js';
import { progressChecks } from './checks/progress.js';
import { recordChecks } from './checks/records.js';
import { checkContents } from './contents.js';
import { isBroken, type CheckResult, type DoctorReport, type Finding } from './report.js';

export interface DoctorOptions {
  /** The artifact store's folder, to compare it with the records; null leaves that out. */
  readonly artifactsFolder: string | null;
}

const CHECKS: readonly RunCheck[] = [...progressChecks, ...onceChecks, ...recordChecks, ...moneyChecks];
const RUNS_AT_A_TIME = 500;
/** No statement may keep a busy database for longer, milliseconds. */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * Looks for everything in the database that breaks a promise of the engine. Reads only, in batches of runs, each by
 * the indexes that the API uses; it may run beside working processes.
 * @param database an opened data source, or the URL to open one for the time of the look
 */
export async function runDoctor(
  database: string | DataSource,
  options: DoctorOptions = { artifactsFolder: null },
): Promise<DoctorReport> {
  if (database instanceof DataSource) return examine(database, options);
  const dataSource = await buildDataSource(database, 2).initialize();
  return examine(dataSource, options).finally(() => dataSource.destroy());
}

/** Throws with the formatted findings where the database is not healthy: for the end of a test. */
export async function assertHealthy(dataSource: DataSource, options?: DoctorOptions): Promise<void> {
  const broken = (await runDoctor(dataSource, options)).checks.filter(isBroken);
  if (broken.length === 0) return;
  const lines = broken.flatMap(({ name, findings }) =>
    findings.map(({ runId, id, detail }) => `${name}: run ${runId ?? '—'}, ${id}: ${detail}`),
  );
  throw new Error(`The database breaks its promises:\n${lines.join('\n')}`);
}

async function examine(dataSource: DataSource, options: DoctorOptions): Promise<DoctorReport> {
  const began = performance.now();
  const findings = new Map<string, Finding[]>(CHECKS.map((check) => [check.name, []]));
  let runs = 0;
  for await (const batch of batches(dataSource)) {
    runs += batch.length;
    for (const check of CHECKS) findings.get(check.name)?.push(...(await look(dataSource, check, batch)));
  }
  for (const check of wholeChecks) findings.set(check.name, await look(dataSource, check, null));
  const checks: CheckResult[] = [...CHECKS, ...wholeChecks].map(({ name, says, severity }) => ({
    name,
    says,
    severity,
    findings: findings.get(name) ?? [],
  }));
  if (options.artifactsFolder !== null) {
    checks.push(...(await checkContents(dataSource, options.artifactsFolder, Date.now())));
  }
  return { healthy: !checks.some(isBroken), runs, durationMs: performance.now() - began, checks };
}

async function* batches(dataSource: DataSource): AsyncGenerator<string[]> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows = await dataSource.query<{ id: string }[]>(
      'SELECT id FROM runs WHERE id > $1 ORDER BY id LIMIT $2',
      [after, RUNS_AT_A_TIME],
    );
    if (rows.length > 0) yield rows.map((row) => row.id);
    if (rows.length < RUNS_AT_A_TIME) return;
    after = rows.at(-1)?.id ?? after;
  }
}

interface FindingRow {
  readonly run_id: string | null;
  readonly id: string;
  readonly detail: string;
}

/** @param runIds the runs to look at; null for a check of all at once */
function look(dataSource: DataSource, check: RunCheck, runIds: readonly string[] | null): Promise<Finding[]> {
  return dataSource.transaction(async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query(`SET LOCAL statement_timeout = ${String(STATEMENT_TIMEOUT_MS)}`);
    const rows = await tx.query<FindingRow[]>(check.sql, runIds === null ? [] : [runIds]);
    return rows.map(({ run_id, id, detail }) => ({ runId: run_id, id, detail }));
  });
}
