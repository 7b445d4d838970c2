import type { RunCheck } from './check.js';

const doubledTry: RunCheck = {
  name: 'doubled_try',
  says: 'A step has at most one try that runs or is due, and at most one that succeeded',
  severity: 'violation',
  sql: `
    SELECT t.run_id, t.step_id AS id, format('%s open and %s succeeded tries', t.open, t.succeeded) AS detail
    FROM (SELECT run_id, step_id, count(*) FILTER (WHERE status IN ('queued', 'running')) AS open,
            count(*) FILTER (WHERE status = 'succeeded') AS succeeded
          FROM step_attempts WHERE run_id = ANY($1::uuid[]) GROUP BY run_id, step_id) t
    WHERE t.open > 1 OR t.succeeded > 1 OR (t.open > 0 AND t.succeeded > 0)`,
};

const doubledResult: RunCheck = {
  name: 'doubled_result',
  says: 'The success of a step is recorded once, and of an approval once more for each time that it was void',
  severity: 'violation',
  sql: `
    SELECT run_id, run_id AS id, format('%s/%s of attempt %s succeeded %s times', phase, step, attempt,
        count(*) FILTER (WHERE type = 'step.succeeded')) AS detail
    FROM run_events WHERE run_id = ANY($1::uuid[]) AND type IN ('step.succeeded', 'approval.voided')
    GROUP BY run_id, phase, step, attempt
    HAVING count(*) FILTER (WHERE type = 'step.succeeded') > 1 + count(*) FILTER (WHERE type = 'approval.voided')`,
};

const doubledNumber: RunCheck = {
  name: 'doubled_number',
  says: 'Attempts of a phase and tries of a step have numbers of their own',
  severity: 'violation',
  sql: `
    SELECT run_id, (array_agg(id ORDER BY id))[1] AS id, format('%s attempts of %s have the number %s', count(*), phase, number) AS detail
    FROM phase_attempts WHERE run_id = ANY($1::uuid[]) GROUP BY run_id, phase, number HAVING count(*) > 1
    UNION ALL
    SELECT run_id, step_id, format('%s tries have the number %s', count(*), number)
    FROM step_attempts WHERE run_id = ANY($1::uuid[]) GROUP BY run_id, step_id, number HAVING count(*) > 1`,
};

const twoActivePhases: RunCheck = {
  name: 'two_active_phases',
  says: 'Only the current phase of a run executes, in one attempt',
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, r.id AS id, format('active are %s; the current one is %s', string_agg(p.phase, ', ' ORDER BY p.position), r.current_phase) AS detail
    FROM runs r JOIN run_phases p ON p.run_id = r.id AND p.status IN ('in_progress', 'awaiting_approval')
    WHERE r.id = ANY($1::uuid[])
    GROUP BY r.id HAVING count(*) > 1 OR bool_or(p.phase <> r.current_phase)
    UNION ALL
    SELECT run_id, (array_agg(id ORDER BY id))[1], format('%s attempts execute at once', count(*))
    FROM phase_attempts WHERE run_id = ANY($1::uuid[]) AND status IN ('in_progress', 'awaiting_approval')
    GROUP BY run_id HAVING count(*) > 1`,
};

const workAfterEnd: RunCheck = {
  name: 'work_after_end',
  says: 'Nothing of a run that has ended or failed executes or is about to',
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, s.id, format('the run is %s, its step %s/%s is %s', r.status, s.phase, s.key, s.status) AS detail
    FROM runs r JOIN steps s ON s.run_id = r.id AND s.status IN ('queued', 'running', 'waiting')
    WHERE r.id = ANY($1::uuid[]) AND r.status IN ('completed', 'failed', 'cancelled')
    UNION ALL
    SELECT r.id, t.id, format('the run is %s, try %s of a step is %s', r.status, t.number, t.status)
    FROM runs r JOIN step_attempts t ON t.run_id = r.id AND t.status IN ('queued', 'running')
    WHERE r.id = ANY($1::uuid[]) AND r.status IN ('completed', 'failed', 'cancelled')
    UNION ALL
    SELECT r.id, r.id, format('the run is %s, its phase %s is %s', r.status, p.phase, p.status)
    FROM runs r JOIN run_phases p ON p.run_id = r.id
    WHERE r.id = ANY($1::uuid[])
      AND ((r.status IN ('completed', 'failed', 'cancelled') AND p.status IN ('in_progress', 'awaiting_approval'))
        OR (r.status = 'completed' AND p.status NOT IN ('completed', 'skipped')))`,
};

/** That nothing is there twice. */
export const onceChecks: readonly RunCheck[] = [
  doubledTry,
  doubledResult,
  doubledNumber,
  twoActivePhases,
  workAfterEnd,
];
