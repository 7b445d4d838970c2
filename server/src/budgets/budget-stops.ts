import type { EntityManager } from 'typeorm';
import type { UsagePlace } from '../agents/usage.repository.js';
import type { Change } from '../runs/domain/change.js';

/** Notes that a budget refused a call; the first time for a step, the run's history tells it. */
export async function noteStop(
  tx: EntityManager,
  change: Change,
  stop: { readonly place: UsagePlace; readonly budget: string; readonly message: string },
): Promise<void> {
  const { place, budget, message } = stop;
  const [row] = await tx.query<{ times: number }[]>(
    `INSERT INTO budget_stops (run_id, phase_attempt_id, step, budget, phase, message, at, last_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
     ON CONFLICT (run_id, phase_attempt_id, step, budget) DO UPDATE
       SET times = budget_stops.times + 1, message = excluded.message, last_at = excluded.last_at
     RETURNING times`,
    [place.runId, place.phaseAttemptId, place.step, budget, place.phase, message, change.now],
  );
  if (row?.times !== 1) return;
  const attempt = change.attempt?.id === place.phaseAttemptId ? change.attempt.number : null;
  const about = { phase: place.phase, step: place.step, attempt };
  change.events.push({ type: 'budget.reached', ...about, data: { budget, message } });
}
