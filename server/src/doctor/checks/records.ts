import type { RunCheck } from './check.js';

const eventGap: RunCheck = {
  name: 'event_gap',
  says: 'The events of a run are numbered from 1 to its last one without a gap',
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, r.id AS id,
      format('%s events from %s to %s; the last one should be %s', e.n, e.first, e.last, r.last_seq) AS detail
    FROM runs r CROSS JOIN LATERAL (
      SELECT count(*) AS n, coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last
      FROM run_events WHERE run_id = r.id) e
    WHERE r.id = ANY($1::uuid[]) AND (e.n <> r.last_seq OR e.last <> r.last_seq OR e.first <> 1)`,
};

const summaryOfPhases: RunCheck = {
  name: 'summary_of_phases',
  says: "A run's summary shows its phases as they are",
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, r.id AS id, format('%s of %s phases done and %s ms shown; %s of %s and %s ms are right',
        r.phases_done, r.phases_total, r.working_ms, p.done, p.total, p.worked) AS detail
    FROM runs r CROSS JOIN LATERAL (
      SELECT count(*) AS total, count(*) FILTER (WHERE status IN ('completed', 'skipped')) AS done,
        coalesce(sum(working_ms), 0) AS worked,
        coalesce(jsonb_agg(jsonb_build_object('phase', phase, 'status', status) ORDER BY position), '[]') AS states
      FROM run_phases WHERE run_id = r.id) p
    WHERE r.id = ANY($1::uuid[])
      AND (r.phases_total <> p.total OR r.phases_done <> p.done OR r.working_ms <> p.worked OR r.phase_states <> p.states)`,
};

const phaseAndAttempts: RunCheck = {
  name: 'phase_and_attempts',
  says: 'A phase stands as its newest attempt does, and has worked as long as its attempts',
  severity: 'violation',
  sql: `
    SELECT p.run_id, coalesce(newest.id, p.run_id) AS id,
      format('%s is %s in attempt %s after %s ms; its attempts say %s, %s, %s ms', p.phase, p.status, p.attempt,
        p.working_ms, coalesce(newest.status::text, 'nothing'), a.newest, a.worked) AS detail
    FROM run_phases p
    CROSS JOIN LATERAL (
      SELECT coalesce(max(number), 0) AS newest, coalesce(sum(working_ms), 0) AS worked
      FROM phase_attempts WHERE run_id = p.run_id AND phase = p.phase) a
    LEFT JOIN phase_attempts newest
      ON newest.run_id = p.run_id AND newest.phase = p.phase AND newest.number = p.attempt
    WHERE p.run_id = ANY($1::uuid[]) AND (a.newest <> p.attempt OR a.worked <> p.working_ms
      OR (p.status IN ('in_progress', 'awaiting_approval', 'completed', 'failed') AND newest.status IS DISTINCT FROM p.status))`,
};

const summaryOfUsage: RunCheck = {
  name: 'summary_of_usage',
  says: "A run's cost and tokens are the sums of its ledger",
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, r.id AS id, format('%s USD and %s + %s tokens shown; the ledger has %s USD and %s + %s',
        r.cost_usd, r.input_tokens, r.output_tokens, u.cost, u.input, u.output) AS detail
    FROM runs r CROSS JOIN LATERAL (
      SELECT coalesce(sum(cost_usd), 0) AS cost, coalesce(sum(input_tokens), 0) AS input,
        coalesce(sum(output_tokens), 0) AS output, count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced
      FROM usage_ledger WHERE run_id = r.id) u
    WHERE r.id = ANY($1::uuid[]) AND (r.cost_usd <> u.cost OR r.input_tokens <> u.input
      OR r.output_tokens <> u.output OR r.unpriced_calls <> u.unpriced)`,
};

const summaryOfArtifacts: RunCheck = {
  name: 'summary_of_artifacts',
  says: 'A run and its phases show as many artifacts as they have',
  severity: 'violation',
  sql: `
    SELECT r.id AS run_id, r.id AS id, format('%s artifacts shown, %s are there', r.artifacts_count, a.n) AS detail
    FROM runs r CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM artifacts WHERE run_id = r.id AND NOT superseded) a
    WHERE r.id = ANY($1::uuid[]) AND r.artifacts_count <> a.n
    UNION ALL
    SELECT p.run_id, p.run_id, format('%s shows %s artifacts, %s are there', p.phase, p.artifacts_count, a.n)
    FROM run_phases p CROSS JOIN LATERAL (
      SELECT count(*) AS n FROM artifacts WHERE run_id = p.run_id AND phase = p.phase AND NOT superseded) a
    WHERE p.run_id = ANY($1::uuid[]) AND p.artifacts_count <> a.n`,
};

const artifactWithoutBlob: RunCheck = {
  name: 'artifact_without_content',
  says: 'Every artifact has a content',
  severity: 'violation',
  sql: `
    SELECT a.run_id, a.id, format('%s of %s has no content %s', a.path, a.phase, a.sha256) AS detail
    FROM artifacts a WHERE a.run_id = ANY($1::uuid[])
      AND NOT EXISTS (SELECT FROM blobs b WHERE b.sha256 = a.sha256 AND b.size_bytes = a.size_bytes)`,
};

const verdictOfUnknownAttempt: RunCheck = {
  name: 'verdict_of_unknown_attempt',
  says: 'Every verdict belongs to an attempt of its phase',
  severity: 'violation',
  sql: `
    SELECT g.run_id, g.id, format('gate %s judged an attempt of %s that is not there', g.gate_id, g.phase) AS detail
    FROM gate_results g WHERE g.run_id = ANY($1::uuid[]) AND NOT EXISTS (
      SELECT FROM phase_attempts a WHERE a.id = g.phase_attempt_id AND a.run_id = g.run_id AND a.phase = g.phase)`,
};

/** What an attempt has that is its phase's newest, and whose phase has not been undone. */
const IN_FORCE = `JOIN run_phases p ON p.run_id = a.run_id AND p.phase = a.phase AND p.attempt = a.number AND p.status <> 'pending'
    JOIN artifacts f ON f.run_id = a.run_id AND f.phase = a.phase AND NOT f.superseded`;

const decisionOnOtherContent: RunCheck = {
  name: 'decision_on_other_content',
  says: 'Approvals and verdicts that count are about the artifacts that are there',
  severity: 'violation',
  sql: `
    SELECT d.run_id, d.id, format('the approval of step %s/%s was given on another content of %s', a.phase, s.key, f.path) AS detail
    FROM approvals d JOIN steps s ON s.id = d.step_id JOIN phase_attempts a ON a.id = s.phase_attempt_id ${IN_FORCE}
    WHERE d.run_id = ANY($1::uuid[]) AND d.decision = 'approved' AND d.voided_at IS NULL
      AND d.digests ->> (f.phase || '/' || f.path) <> f.sha256
    UNION ALL
    SELECT g.run_id, g.id, format('gate %s of %s judged another content of %s', g.gate_id, g.phase, f.path)
    FROM gate_results g JOIN phase_attempts a ON a.id = g.phase_attempt_id ${IN_FORCE} AND f.attempt = a.number
    CROSS JOIN LATERAL jsonb_to_recordset(g.evidence) AS e(path text, sha256 text)
    WHERE g.run_id = ANY($1::uuid[]) AND g.voided_at IS NULL AND e.path = f.path AND e.sha256 <> f.sha256`,
};

const jobOfFinishedStep: RunCheck = {
  name: 'job_of_finished_step',
  says: 'The queue holds no job of a try that has ended',
  severity: 'waste',
  sql: `
    SELECT t.run_id, t.id, format('try %s is %s, and a job for it is in the queue', t.number, t.status) AS detail
    FROM step_attempts t JOIN graphile_worker.jobs j ON j.key = 'run_step:' || t.id
    WHERE t.run_id = ANY($1::uuid[]) AND t.status NOT IN ('queued', 'running')
      AND j.locked_at IS NULL AND j.run_at < now() - interval '60 seconds'`,
};

/** That what is shown is what is there. */
export const recordChecks: readonly RunCheck[] = [
  eventGap,
  summaryOfPhases,
  phaseAndAttempts,
  summaryOfUsage,
  summaryOfArtifacts,
  artifactWithoutBlob,
  verdictOfUnknownAttempt,
  decisionOnOtherContent,
  jobOfFinishedStep,
];
