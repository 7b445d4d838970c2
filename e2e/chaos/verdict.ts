import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DoctorReport } from '../../server/src/doctor/report.js';
import type { Cluster } from './cluster.ts';
import type { Told } from './driver.ts';
import type { Disturbance } from './mayhem.ts';
import { wronglySeen } from './watcher.ts';

/** What the harness found in the end; each list is empty where the promises hold. */
export interface Verdict {
  readonly runs: number;
  readonly steps: number;
  readonly tries: number;
  readonly lostTries: number;
  /** Events that the clients of the streams were sent, and how often these had to connect again. */
  readonly streamedEvents: number;
  readonly reconnects: number;
  /** Seconds from the kill of a worker to the next start of each of its steps, the longest; null where none was lost. */
  readonly longestRecovery: number | null;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly stuck: readonly string[];
  /** Events that a stream left out, gave twice or gave in a wrong order. */
  readonly unseen: readonly string[];
  readonly broken: readonly string[];
}

interface Note {
  readonly what: 'start' | 'done';
  readonly run: string;
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly try: string;
  readonly at: number;
}

/** Compares what the callers were told and what the steps did with what the database says. */
export async function judge(
  root: string,
  cluster: Cluster,
  told: Told,
  ledger: string,
  hits: readonly Disturbance[],
): Promise<Verdict> {
  const notes = await readLedger(ledger);
  const counts = await countAll(cluster);
  return {
    ...counts,
    longestRecovery: await longestRecovery(cluster, hits),
    lost: await lostOf(cluster, told, notes),
    doubled: [...told.contradictions, ...(await doubledOf(cluster, told, notes))],
    stuck: await stuckOf(cluster),
    unseen: wronglySeen(told.watched),
    streamedEvents: told.watched.reduce((sum, { seen }) => sum + seen.length, 0),
    reconnects: told.watched.reduce((sum, { reconnects }) => sum + reconnects, 0),
    broken: await doctorSays(root, cluster),
  };
}

async function countAll(cluster: Cluster): Promise<Pick<Verdict, 'runs' | 'steps' | 'tries' | 'lostTries'>> {
  const [row] = await cluster.query<{ runs: number; steps: number; tries: number; lost: number }>(
    `SELECT (SELECT count(*)::int FROM runs) AS runs,
       (SELECT count(*)::int FROM steps WHERE status = 'succeeded') AS steps,
       (SELECT count(*)::int FROM step_attempts) AS tries,
       (SELECT count(*)::int FROM step_attempts WHERE status = 'lost') AS lost`,
  );
  return {
    runs: row?.runs ?? 0,
    steps: row?.steps ?? 0,
    tries: row?.tries ?? 0,
    lostTries: row?.lost ?? 0,
  };
}

async function lostOf(cluster: Cluster, told: Told, notes: readonly Note[]): Promise<string[]> {
  const rows = await cluster.query<{ key: string; runId: string }>(
    `SELECT metadata->>'chaos_key' AS key, run_id AS "runId" FROM run_inputs`,
  );
  const known = new Map(rows.map((row) => [row.key, row.runId]));
  const runs = [...told.created].flatMap(([key, ids]) =>
    [...ids].filter((id) => known.get(key) !== id).map((id) => `run ${id} was created and is not there`),
  );
  const succeeded = await succeededSteps(cluster);
  const steps = [...told.succeeded]
    .filter((step) => !succeeded.has(step))
    .map((step) => `step ${step} was shown as succeeded and is not`);
  const finished = new Set(notes.filter((note) => note.what === 'done').map((note) => note.try));
  const tries = await cluster.query<{ id: string }>(
    `SELECT id FROM step_attempts WHERE status = 'succeeded'`,
  );
  const unworked = tries
    .filter(({ id }) => !finished.has(id))
    .map(({ id }) => `try ${id} never did its work`);
  return [...runs, ...steps, ...unworked];
}

async function succeededSteps(cluster: Cluster): Promise<Map<string, number>> {
  const rows = await cluster.query<{ step: string; at: Date }>(
    `SELECT s.run_id || '/' || s.phase || '/' || a.number || '/' || s.key AS step, s.completed_at AS at
     FROM steps s JOIN phase_attempts a ON a.id = s.phase_attempt_id WHERE s.status = 'succeeded'`,
  );
  return new Map(rows.map((row) => [row.step, row.at.getTime()]));
}

/** The same work in the records twice, or done again after it was recorded. */
async function doubledOf(cluster: Cluster, told: Told, notes: readonly Note[]): Promise<string[]> {
  const keys = await cluster.query<{ key: string; n: number }>(
    `SELECT metadata->>'chaos_key' AS key, count(*)::int AS n FROM run_inputs GROUP BY 1 HAVING count(*) > 1`,
  );
  const usage = await cluster.query<{ step: string; n: number }>(
    `SELECT u.phase_attempt_id || '/' || u.step AS step, count(*)::int AS n FROM usage_ledger u
     GROUP BY 1 HAVING count(*) > 1`,
  );
  const artifacts = await cluster.query<{ path: string }>(
    `SELECT run_id || '/' || phase || '/' || path AS path FROM artifacts GROUP BY 1, run_id, phase, path, attempt
     HAVING count(*) > 1`,
  );
  return [
    ...keys.map(({ key, n }) => `key ${key} created ${n} runs`),
    ...usage.map(({ step, n }) => `the usage of ${step} is in the ledger ${n} times`),
    ...artifacts.map(({ path }) => `artifact ${path} was recorded twice in one attempt`),
    ...(await doneAgain(cluster, notes)),
    ...(await movedAfterCancel(cluster, told)),
  ];
}

async function doneAgain(cluster: Cluster, notes: readonly Note[]): Promise<string[]> {
  const recorded = await succeededSteps(cluster);
  return notes
    .filter((note) => note.what === 'start')
    .flatMap((note) => {
      const step = `${note.run}/${note.phase}/${note.attempt}/${note.step}`;
      const at = recorded.get(step);
      return at !== undefined && note.at > at
        ? [`${step} was started again ${note.at - at} ms after its success`]
        : [];
    });
}

/** Nothing of a cancelled run starts. */
async function movedAfterCancel(cluster: Cluster, told: Told): Promise<string[]> {
  const rows = await cluster.query<{ run_id: string; type: string }>(
    `SELECT e.run_id, e.type FROM run_events e
     JOIN run_events c ON c.run_id = e.run_id AND c.type = 'run.cancelled' AND e.seq > c.seq
     WHERE e.run_id = ANY($1::uuid[]) AND e.type NOT IN ('artifact.recorded', 'usage.recorded')`,
    [[...told.cancelled]],
  );
  return rows.map((row) => `run ${row.run_id}: ${row.type} after its cancellation`);
}

async function stuckOf(cluster: Cluster): Promise<string[]> {
  const rows = await cluster.query<{ id: string; status: string; detail: string | null }>(
    `SELECT id, status, waiting_detail AS detail FROM runs WHERE status IN ('running', 'paused', 'failed')`,
  );
  return rows.map((row) => `run ${row.id} is ${row.status}: ${row.detail ?? 'it does not say why'}`);
}

/** The longest time that a step of a killed or frozen worker waited for its next start, seconds. */
async function longestRecovery(cluster: Cluster, hits: readonly Disturbance[]): Promise<number | null> {
  const rows = await cluster.query<{ worker: string; lostFrom: Date; again: Date }>(
    `SELECT t.worker_id AS worker, t.started_at AS "lostFrom", n.started_at AS again
     FROM step_attempts t JOIN step_attempts n ON n.step_id = t.step_id AND n.number = t.number + 1
     WHERE t.status = 'lost' AND n.started_at IS NOT NULL`,
  );
  const waits = rows.map(({ worker, lostFrom, again }) => {
    // A process may be hit again: what counts is the last hit while it held the try, else the try's start.
    const hit = hits.findLast(
      ({ pid, at }) =>
        pid !== null && worker.includes(`-${pid}-`) && at >= lostFrom.getTime() && at <= again.getTime(),
    );
    return (again.getTime() - (hit?.at ?? lostFrom.getTime())) / 1000;
  });
  return waits.length === 0 ? null : Math.max(...waits);
}

async function readLedger(file: string): Promise<Note[]> {
  const text = await readFile(file, 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Note]));
}

/** The doctor in a process of its own, as an operator calls it. */
function doctorSays(root: string, cluster: Cluster): Promise<string[]> {
  const environment = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: cluster.databaseUrl,
    DATA_DIR: cluster.dataDir,
  };
  return new Promise((resolve, reject) => {
    const options = { env: environment, cwd: root, maxBuffer: 64 * 1024 * 1024 };
    execFile(
      process.execPath,
      [join(root, 'dist/server/cli/main.js'), '--json', 'doctor'],
      options,
      (_, stdout, stderr) => {
        if (stdout === '') {
          reject(new Error(`The doctor says nothing: ${stderr}`));
          return;
        }
        const { checks } = JSON.parse(stdout) as DoctorReport;
        const broken = checks.filter((check) => check.severity === 'violation');
        resolve(
          broken.flatMap((check) =>
            check.findings.map(({ detail, id }) => `${check.name}: ${detail} (${id})`),
          ),
        );
      },
    );
  });
}
