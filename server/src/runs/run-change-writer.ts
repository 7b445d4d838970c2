import type { EntityManager } from 'typeorm';
import { supersedeEarlier } from '../artifacts/supersede.js';
import type { Change, NewJob } from './domain/change.js';
import { heldBackTries } from './held-back.js';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import { RunPhaseEntity } from './run-phase.entity.js';
import type { RunEntity } from './run.entity.js';
import { StepAttemptEntity } from './step-attempt.entity.js';
import { StepEntity } from './step.entity.js';

/** What every row of a change looked like when it was loaded. */
export type Snapshot = ReadonlyMap<object, Readonly<Record<string, unknown>>>;

/** Channel on which every commit that left events says `<run_id>:<seq>`. */
export const EVENTS_CHANNEL = 'orchestrator_events';

export function snapshot(change: Change): Snapshot {
  const rows: object[] = [change.run, ...change.phases, ...change.steps, ...change.tries];
  if (change.attempt !== null) rows.push(change.attempt);
  return new Map(rows.map((row) => [row, { ...row }]));
}

/** Saves what a change moved: rows that differ, new rows, events with their sequence, jobs, the notification. */
export async function saveChange(tx: EntityManager, change: Change, before: Snapshot): Promise<void> {
  const run = change.run as RunEntity;
  const moved = [...before.keys()].some((row) => changedAt(row, before, row === run ? ['updatedAt'] : []));
  if (change.events.length === 0 && !moved) {
    for (const job of change.jobs) await addJob(tx, job, run.priority);
    return;
  }
  const firstSeq = run.lastSeq + 1;
  run.lastSeq += change.events.length;
  run.version += 1;
  for (const [row, old] of before) await updateRow(tx, row, old);
  await insertNew(tx, change, before);
  await insertEvents(tx, change, firstSeq);
  for (const job of change.jobs) await addJob(tx, job, run.priority);
  for (const { id, priority } of await heldBackTries(tx, change, endedSteps(before))) {
    await addJob(tx, { kind: 'run_step', stepAttemptId: id, runAt: change.now }, priority);
  }
  if (change.events.length > 0) {
    await tx.query('SELECT pg_notify($1, $2)', [EVENTS_CHANNEL, `${run.id}:${String(run.lastSeq)}`]);
  }
}

/** Steps that ran before the change and do not any more. */
const endedSteps = (before: Snapshot): number =>
  [...before].filter(
    ([row, old]) => row instanceof StepEntity && old['status'] === 'running' && row.status !== 'running',
  ).length;

/** Rows that a change added: at most one attempt with its steps, and tries. */
async function insertNew(tx: EntityManager, change: Change, before: Snapshot): Promise<void> {
  const isNew = (row: object): boolean => !before.has(row);
  if (change.attempt !== null && isNew(change.attempt)) {
    await tx.insert(PhaseAttemptEntity, change.attempt);
    await supersedeEarlier(tx, change.attempt);
  }
  await tx.insert(StepEntity, change.steps.filter(isNew));
  await tx.insert(StepAttemptEntity, change.tries.filter(isNew));
}

/** Loaded rows are instances of their entities, and say so themselves. */
async function updateRow(
  tx: EntityManager,
  row: object,
  old: Readonly<Record<string, unknown>>,
): Promise<void> {
  const changes = differences(row, old);
  if (Object.keys(changes).length > 0) await tx.update(row.constructor, keyOf(row), changes);
}

const keyOf = (row: object): Readonly<Record<string, unknown>> =>
  row instanceof RunPhaseEntity ? { runId: row.runId, phase: row.phase } : { id: (row as { id: string }).id };

const changedAt = (row: object, before: Snapshot, except: readonly string[] = []): boolean =>
  Object.keys(differences(row, before.get(row) ?? {})).some((key) => !except.includes(key));

const differences = (row: object, old: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([key, value]) => !same(value, old[key])));

const same = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b));

async function insertEvents(tx: EntityManager, change: Change, firstSeq: number): Promise<void> {
  if (change.events.length === 0) return;
  const actor = change.actor.kind === 'system' ? null : change.actor;
  const rows = change.events.map((event, index) => ({ ...event, seq: firstSeq + index }));
  await tx.query(
    `INSERT INTO run_events (run_id, seq, type, at, actor, phase, step, attempt, data, tx)
     SELECT $1, e.seq, e.type, $2, $3::jsonb, e.phase, e.step, e.attempt, e.data, pg_current_xact_id()::text::bigint
     FROM jsonb_to_recordset($4::jsonb)
       AS e(seq integer, type text, phase text, step text, attempt integer, data jsonb)
     ORDER BY e.seq`,
    [change.run.id, change.now, actor === null ? null : JSON.stringify(actor), JSON.stringify(rows)],
  );
}

/** Queues a job in the transaction of the change that makes it ready; the key keeps it from being there twice. */
export async function addJob(tx: EntityManager, job: NewJob, priority: number): Promise<void> {
  const [id, runAt] = payloadOf(job);
  await tx.query(
    `SELECT graphile_worker.add_job($1::text, payload := json_build_object('id', $2::text),
       run_at := coalesce($3::timestamptz, now()), job_key := $1::text || ':' || $2::text, priority := $4)`,
    // The queue takes the lowest first.
    [job.kind, id, runAt, -priority],
  );
}

function payloadOf(job: NewJob): readonly [id: string, runAt: Date | null] {
  switch (job.kind) {
    case 'run_step':
      return [job.stepAttemptId, job.runAt];
    case 'offer_step':
      return [job.stepId, job.runAt];
    case 'finish_phase':
      return [job.phaseAttemptId, null];
  }
}
