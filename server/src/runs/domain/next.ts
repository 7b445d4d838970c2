import { currentPhase, type Change } from './change.js';
import { budgetReached } from './budget.js';
import { isFinished } from './run-status.js';

/** What `next` does with a run as it stands. */
export type NextDecision =
  | { readonly kind: 'start' }
  /** The gates of the finished attempt block, and the caller wants them waived. */
  | { readonly kind: 'waive' }
  /** What was judged has changed since its gates blocked: it is judged again, and no work is done again. */
  | { readonly kind: 'judge_again' }
  | { readonly kind: 'refuse'; readonly code: NextRefusal; readonly detail: string };

export type NextRefusal =
  'budget_exceeded' | 'run_finished' | 'run_paused' | 'phase_in_progress' | 'approval_required';

/** Decides on `next`; pure, so that of any number of simultaneous calls the one under the row lock wins. */
export function decideNext(change: Change, skipValidation: boolean): NextDecision {
  const { run } = change;
  const phase = currentPhase(change);
  if (isFinished(run.status))
    return refuse('run_finished', `The run is ${run.status}; nothing is left to execute.`);
  if (run.status === 'paused') return refuse('run_paused', 'The run is paused; resume it first.');
  if (phase.status === 'awaiting_approval') {
    return refuse(
      'approval_required',
      `Phase ${phase.phase} awaits an approval; approve it or ask for changes.`,
    );
  }
  if (phase.status === 'in_progress') {
    return refuse('phase_in_progress', `Phase ${phase.phase} is already executing; wait until it ends.`);
  }
  const blocked = phase.status === 'failed' && phase.error?.code === 'governance_blocked';
  const reopened = blocked && change.attempt?.reopenedAt;
  // Verdicts that count no more cannot be waived.
  if (reopened) return { kind: 'judge_again' };
  if (blocked && skipValidation) return { kind: 'waive' };
  const spent = budgetReached(change);
  return spent === null ? { kind: 'start' } : refuse('budget_exceeded', spent);
}

const refuse = (code: NextRefusal, detail: string): NextDecision => ({ kind: 'refuse', code, detail });
