import type { GateVerdict } from '../../governance/domain/evidence.js';
import { activeAttempt, currentPhase, emit, type Change } from './change.js';
import { movePhase, moveRun } from './moves.js';
import { askAgain } from './ask-again.js';
import type { FailureRecord, StepState, WaiverRequest } from './run-state.js';
import { goOnAutomatically, goToNextPhase, skipInapplicable } from './start-phase.js';

/** What stands in the way after the gates of an attempt were evaluated. */
export type GateOutcome =
  | { readonly kind: 'clear' }
  | { readonly kind: 'waived'; readonly gates: readonly string[]; readonly by: WaiverRequest }
  | { readonly kind: 'blocked'; readonly gates: readonly string[]; readonly message: string };

/** Decides what the verdicts mean, given who asked beforehand to waive what they block. */
export function judge(verdicts: readonly GateVerdict[], waiver: WaiverRequest | null): GateOutcome {
  const blocked = verdicts.filter((verdict) => verdict.status === 'blocked');
  const gates = blocked.map((verdict) => verdict.gateId);
  if (gates.length === 0) return { kind: 'clear' };
  if (waiver !== null) return { kind: 'waived', gates, by: waiver };
  const first = blocked[0];
  const others = gates.length === 1 ? '' : ` (and ${String(gates.length - 1)} more)`;
  return {
    kind: 'blocked',
    gates,
    message: `Gate ${gates[0] ?? ''} blocked${others}: ${first?.message ?? ''}`,
  };
}

/** Ends the current attempt after its gates were evaluated. */
export function finishPhase(change: Change, outcome: GateOutcome, checkpoint: string | null): void {
  activeAttempt(change).checkpoint = checkpoint;
  switch (outcome.kind) {
    case 'blocked':
      failPhase(change, failure('governance_blocked', outcome.message, change.run.currentPhase));
      return;
    case 'waived':
      recordWaiver(change, outcome.gates, outcome.by);
      completePhase(change, checkpoint);
      return;
    case 'clear':
      completePhase(change, checkpoint);
  }
}

/** Completes a phase that its gates blocked, without executing anything again. */
export function waivePhase(change: Change, gates: readonly string[], by: WaiverRequest): void {
  if (change.run.status === 'failed') moveRun(change, 'running');
  change.run.failure = null;
  currentPhase(change).error = null;
  activeAttempt(change).error = null;
  recordWaiver(change, gates, by);
  completePhase(change, activeAttempt(change).checkpoint);
}

/**
 * Has a blocked attempt judged again, after what its gates judged has changed: by those first whose approval counts no
 * more, then by its gates.
 * @param undecided succeeded approval steps whose decisions are void
 */
export function judgeAgain(
  change: Change,
  waiver: WaiverRequest | null,
  undecided: readonly StepState[],
): void {
  const attempt = activeAttempt(change);
  if (change.run.status === 'failed') moveRun(change, 'running');
  change.run.failure = null;
  movePhase(change, currentPhase(change), 'in_progress');
  currentPhase(change).error = null;
  Object.assign(attempt, { error: null, reopenedAt: null, waiver });
  emit(change, 'phase.reopened', 'phase');
  askAgain(change, undecided);
}

function recordWaiver(change: Change, gates: readonly string[], by: WaiverRequest): void {
  change.run.waivedGates += gates.length;
  for (const gate of gates)
    emit(change, 'gate.waived', 'phase', { gate_id: gate, by: by.by, reason: by.reason });
}

function completePhase(change: Change, checkpoint: string | null): void {
  const phase = currentPhase(change);
  endAttempt(change);
  phase.checkpoint = checkpoint;
  movePhase(change, phase, 'completed');
  emit(change, 'phase.completed', 'phase');
  if (!goToNextPhase(change)) return;
  skipInapplicable(change);
  goOnAutomatically(change);
}

/** Ends the current attempt as failed; the run fails with it until somebody retries. */
export function failPhase(change: Change, reason: FailureRecord): void {
  const phase = currentPhase(change);
  endAttempt(change);
  phase.error = reason;
  activeAttempt(change).error = reason;
  movePhase(change, phase, 'failed');
  emit(change, 'phase.failed', 'phase', { failure: reason });
  if (change.run.status === 'paused') moveRun(change, 'running');
  moveRun(change, 'failed');
  change.run.failure = reason;
  emit(change, 'run.failed', 'run', { failure: reason });
}

/** Closes the books of the current attempt: its working time counts once, when it first ends. */
export function endAttempt(change: Change): void {
  const phase = currentPhase(change);
  const attempt = activeAttempt(change);
  phase.completedAt = change.now;
  attempt.completedAt ??= change.now;
  attempt.leaseExpiresAt = null;
  if (attempt.workingMs !== null) return;
  attempt.workingMs = Math.max(0, change.now.getTime() - attempt.startedAt.getTime());
  phase.workingMs += attempt.workingMs;
  change.run.workingMs += attempt.workingMs;
}

export const failure = (code: string, message: string, phase: string | null): FailureRecord => ({
  code,
  message,
  phase,
  step: null,
  exit_code: null,
  signal: null,
});
