/** `violation`: a promise is broken. `waste`: nothing is wrong, but something lies there that nobody needs. */
export type Severity = 'violation' | 'waste';

/**
 * An invariant of the database as a query for what breaks it. `sql` takes a batch of run ids as `$1` (`uuid[]`) and
 * answers `run_id`, `id` and `detail` of every offence. Each is one statement, hence one snapshot: every change of a
 * run is one transaction, so that a run in motion never looks broken.
 */
export interface RunCheck {
  readonly name: string;
  readonly says: string;
  readonly severity: Severity;
  readonly sql: string;
}

/** How long the sweep may take to find what nobody works on, with room for a machine that is busy. */
export const PATIENCE = `interval '60 seconds'`;

/** Whether a job of the queue is free to be taken, or was taken so lately that its holder may be about to claim. */
export const LIVE_JOB = `j.attempts < j.max_attempts AND (j.locked_at IS NULL OR j.locked_at > now() - ${PATIENCE})`;
