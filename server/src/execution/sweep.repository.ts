import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate } from 'uuid';
import { AppConfig } from '../config/app-config.js';
import type { NewJob } from '../runs/domain/change.js';

export interface LostTry {
  readonly runId: string;
  readonly stepAttemptId: string;
  readonly workerId: string | null;
}

interface Forgotten {
  readonly id: string;
  readonly priority: number;
}

export interface ForgottenJob {
  readonly job: NewJob;
  /** Of the run. */
  readonly priority: number;
}

/** A job that is due for so long was forgotten by the queue, or is held by a process that died. */
const FORGOTTEN = `interval '5 seconds'`;
/** A job that the queue will give to somebody before long; after errors it puts one off, in the end for ever. */
const FREE = `j.locked_at IS NULL AND j.attempts < j.max_attempts AND j.run_at < now() + interval '10 seconds'`;

/** One look by key for each row: planned as a join it could read all runs. */
const ITS_RUN = (row: string): string =>
  `CROSS JOIN LATERAL (SELECT status, priority, owner_id FROM runs WHERE id = ${row}.run_id OFFSET 0) r`;

/** For a living worker to end a cancelled step and to keep what it had produced. */
const ENDING = `interval '10 seconds'`;

/** Finds what nobody works on. */
@Injectable()
export class SweepRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: AppConfig,
  ) {}

  /** Running tries whose lease has expired. */
  lostTries(): Promise<LostTry[]> {
    return this.dataSource.query<LostTry[]>(
      `SELECT run_id AS "runId", id AS "stepAttemptId", worker_id AS "workerId" FROM step_attempts
       WHERE status = 'running' AND lease_expires_at < now() ORDER BY lease_expires_at LIMIT 100`,
    );
  }

  /** Waiting steps whose time is over. */
  expiredSteps(): Promise<{ readonly runId: string; readonly stepId: string }[]> {
    return this.dataSource.query(
      `SELECT s.run_id AS "runId", s.id AS "stepId" FROM steps s ${ITS_RUN('s')}
       WHERE s.status = 'waiting' AND s.expires_at < now() AND r.status = 'running' ORDER BY s.expires_at LIMIT 100`,
    );
  }

  /** Which of these tries are ours and have ended, so long ago that their worker has ended them too. */
  async endedTries(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM step_attempts WHERE id = ANY($1::uuid[]) AND status <> 'running'
         AND completed_at < now() - ${ENDING}`,
      [ids.filter((id) => validate(id))],
    );
    return rows.map((row) => row.id);
  }

  /** Removes jobs that another one has replaced and that the queue, having lost their worker, will never take. */
  async removeDeadJobs(): Promise<void> {
    await this.dataSource.query(
      `SELECT graphile_worker.complete_jobs(ARRAY(
         SELECT id FROM graphile_worker.jobs
         WHERE key IS NULL AND attempts >= max_attempts
           AND (locked_at IS NULL OR locked_at < now() - interval '4 hours') LIMIT 100))`,
    );
  }

  /** Due tries of running runs, and finished attempts, for which no free job is in the queue. */
  async forgottenJobs(): Promise<ForgottenJob[]> {
    const tries = await this.dataSource.query<Forgotten[]>(
      `SELECT t.id, r.priority FROM step_attempts t ${ITS_RUN('t')}
       JOIN steps s ON s.id = t.step_id AND s.status = 'queued'
       WHERE t.status = 'queued' AND t.run_at < now() - ${FORGOTTEN} AND r.status = 'running'
         AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = 'run_step:' || t.id AND ${FREE})
       ORDER BY t.run_at LIMIT 100`,
    );
    const attempts = await this.dataSource.query<Forgotten[]>(
      `SELECT a.id, r.priority FROM phase_attempts a ${ITS_RUN('a')}
       WHERE a.status = 'in_progress' AND r.status = 'running'
         AND (a.lease_expires_at IS NULL OR a.lease_expires_at < now())
         AND (SELECT max(s.completed_at) FROM steps s WHERE s.phase_attempt_id = a.id) < now() - ${FORGOTTEN}
         AND NOT EXISTS (SELECT FROM steps s WHERE s.phase_attempt_id = a.id AND s.status NOT IN ('succeeded', 'skipped'))
         AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = 'finish_phase:' || a.id AND ${FREE})
       LIMIT 100`,
    );
    return [
      ...(await this.forgottenOffers()),
      ...tries.map(({ id, priority }) => ({
        job: { kind: 'run_step' as const, stepAttemptId: id, runAt: new Date() },
        priority,
      })),
      ...attempts.map(({ id, priority }) => ({
        job: { kind: 'finish_phase' as const, phaseAttemptId: id },
        priority,
      })),
    ];
  }

  /** Agent steps that wait although there are providers for their runs; whether one serves them is looked at then. */
  private async forgottenOffers(): Promise<ForgottenJob[]> {
    const steps = await this.dataSource.query<Forgotten[]>(
      `SELECT s.id, r.priority FROM steps s ${ITS_RUN('s')}
       LEFT JOIN step_attempts t ON t.step_id = s.id AND t.number = s.tries
       WHERE s.status = 'waiting' AND s.executor = 'llm' AND r.status = 'running'
         AND coalesce(t.run_at, s.queued_at) < now() - ${FORGOTTEN}
         AND ($1 OR EXISTS (SELECT FROM providers p
           WHERE p.enabled AND (p.owner_id IS NULL OR p.owner_id = r.owner_id)))
         AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = 'offer_step:' || s.id AND ${FREE})
       ORDER BY random() LIMIT 100`,
      [this.config.modelProviders.length > 0],
    );
    return steps.map(({ id, priority }) => ({
      job: { kind: 'offer_step' as const, stepId: id, runAt: new Date() },
      priority,
    }));
  }
}
