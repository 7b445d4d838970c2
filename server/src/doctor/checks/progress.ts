import { LIVE_JOB, PATIENCE, type RunCheck } from './check.js';

const CURRENT = `
  FROM runs r
  JOIN run_phases p ON p.run_id = r.id AND p.phase = r.current_phase
  LEFT JOIN phase_attempts a ON a.run_id = r.id AND a.phase = p.phase AND a.number = p.attempt
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE s.status IN ('queued', 'running', 'waiting')) AS moving,
      count(*) FILTER (WHERE s.status NOT IN ('succeeded', 'skipped')) AS undone,
      max(s.completed_at) AS last_completed
    FROM steps s WHERE s.phase_attempt_id = a.id) s
  WHERE r.id = ANY($1::uuid[])`;

const stuckRun: RunCheck = {
  name: 'stuck_run',
  says: 'A running run has work that moves, or waits for somebody to advance it',
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, r.id AS id,
      format('%s is %s with %s steps in motion and %s not done', p.phase, p.status, s.moving, s.undone) AS detail
    ${CURRENT} AND r.status = 'running' AND (
      p.status IN ('completed', 'skipped', 'failed', 'cancelled')
      OR (p.status IN ('in_progress', 'awaiting_approval') AND (a.id IS NULL OR (s.moving = 0 AND s.undone > 0))))`,
};

const forgottenEvaluation: RunCheck = {
  name: 'forgotten_evaluation',
  says: 'A phase whose steps are done is evaluated',
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, a.id AS id, format('the gates of %s are evaluated by nobody', p.phase) AS detail
    ${CURRENT} AND r.status = 'running' AND p.status = 'in_progress' AND s.undone = 0
      AND s.last_completed < now() - ${PATIENCE}
      AND (a.lease_expires_at IS NULL OR a.lease_expires_at < now() - ${PATIENCE})
      AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = 'finish_phase:' || a.id AND ${LIVE_JOB})`,
};

const forgottenStep: RunCheck = {
  name: 'forgotten_step',
  says: 'A try that is due is in the queue',
  severity: 'violation',
  sql: `
    SELECT t.run_id, t.id, format('try %s was due at %s, and no job says so', t.number, t.run_at) AS detail
    FROM step_attempts t JOIN runs r ON r.id = t.run_id JOIN steps s ON s.id = t.step_id
    WHERE t.run_id = ANY($1::uuid[]) AND r.status = 'running' AND t.status = 'queued' AND s.status = 'queued'
      AND s.executor IN ('command', 'http') AND t.run_at < now() - ${PATIENCE}
      AND NOT EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = 'run_step:' || t.id AND ${LIVE_JOB})`,
};

const unexplainedWait: RunCheck = {
  name: 'unexplained_wait',
  says: 'A run that is not at its end says what it waits for',
  severity: 'violation',
  sql: `
    SELECT id AS run_id, id, format('the run is %s and does not say what it waits for', status) AS detail
    FROM runs WHERE id = ANY($1::uuid[]) AND status IN ('running', 'failed')
      AND (waiting_kind IS NULL OR waiting_since IS NULL OR waiting_detail IS NULL)`,
};

const leaseWithoutHolder: RunCheck = {
  name: 'lease_without_holder',
  says: 'A running step has one holder, whose lease is of its newest epoch and does not stand expired',
  severity: 'violation',
  sql: `
    SELECT t.run_id, t.id, format('try %s of step %s (%s): epoch %s of %s, worker %s, lease until %s',
        t.number, s.key, s.status, t.epoch, s.epoch, coalesce(t.worker_id, 'none'),
        coalesce(t.lease_expires_at::text, 'never')) AS detail
    FROM step_attempts t JOIN steps s ON s.id = t.step_id
    WHERE t.run_id = ANY($1::uuid[]) AND t.status = 'running' AND (
      s.status <> 'running' OR t.epoch <> s.epoch OR t.worker_id IS NULL
      OR t.lease_expires_at IS NULL OR t.lease_expires_at < now() - ${PATIENCE})
    UNION ALL
    SELECT s.run_id, s.id, format('step %s is running, and no try of it is', s.key)
    FROM steps s WHERE s.run_id = ANY($1::uuid[]) AND s.status = 'running'
      AND NOT EXISTS (SELECT FROM step_attempts t WHERE t.step_id = s.id AND t.status = 'running')`,
};

/** That every run moves, or says what would move it. */
export const progressChecks: readonly RunCheck[] = [
  stuckRun,
  forgottenEvaluation,
  forgottenStep,
  unexplainedWait,
  leaseWithoutHolder,
];
