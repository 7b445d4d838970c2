import type { RunSummary, WaitingKind } from './run-models';
import { sentence } from '../shared/status/status-look';

/** Each kind of waiting in a few words: what has to happen next. */
export const WAITING_LABELS: Readonly<Record<WaitingKind, string>> = {
  advance: 'you to advance it',
  phase: 'the phase to finish',
  approval: 'an approval',
  worker: 'a worker',
  agent: 'an agent or a delivery by hand',
  retry: 'a retry',
  budget: 'a larger budget',
};

/** What a run waits for in one short phrase, or null where it waits for nothing. */
export function waitingPhrase(
  run: Pick<RunSummary, 'status' | 'waiting_on' | 'current_phase'>,
): string | null {
  const waiting = run.waiting_on;
  if (waiting === null) return null;
  if (run.status === 'failed' && waiting.kind === 'advance') {
    // Only gates can be waived or judge again, and the server says where they are what stopped the run.
    if (waiting.detail.includes('judged again')) return 'a retry, to judge what has changed';
    return waiting.detail.includes('waive') ? 'a retry or a waiver' : 'a retry';
  }
  if (waiting.kind === 'phase') return `${sentence(run.current_phase)} to finish`;
  return WAITING_LABELS[waiting.kind];
}

/**
 * The headline of a run's page: where it stands and what would move it.
 * @param phase what people call the phase that the run stands in
 */
export function standingSentence(
  run: Pick<RunSummary, 'status' | 'waiting_on' | 'current_phase'>,
  phase = sentence(run.current_phase),
): string {
  switch (run.status) {
    case 'completed':
      return 'Every phase is complete.';
    case 'cancelled':
      return `Cancelled in ${phase}; nothing more will happen.`;
    case 'paused':
      return `Paused in ${phase}; resume it to go on.`;
    case 'failed':
      return run.waiting_on?.kind === 'budget'
        ? `Stopped in ${phase}: the budget is used up.`
        : `Stopped in ${phase}; waits for ${waitingPhrase(run) ?? 'a retry'}.`;
    case 'running':
      return runningSentence(run.waiting_on?.kind ?? null, phase);
  }
}

function runningSentence(kind: WaitingKind | null, phase: string): string {
  switch (kind) {
    case null:
      return `${phase} is about to start.`;
    case 'advance':
      return `${phase} is ready to start.`;
    case 'phase':
      return `${phase} is executing.`;
    case 'approval':
      return `${phase} waits for an approval.`;
    case 'worker':
      return `${phase} waits for a worker.`;
    case 'agent':
      return `${phase} waits for an agent, or for a delivery by hand.`;
    case 'retry':
      return `${phase} waits to be tried again.`;
    case 'budget':
      return `${phase} waits for a larger budget.`;
  }
}
