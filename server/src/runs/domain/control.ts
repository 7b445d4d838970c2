import { currentPhase, emit, phaseOf, type Change } from './change.js';
import { endAttempt, failure } from './finish-phase.js';
import { movePhase, moveRun } from './moves.js';
import { isActive, isPassed } from './phase-status.js';
import { announce, cancelStep, scheduleSteps } from './schedule-steps.js';
import { goOnAutomatically, goToNextPhase, skipInapplicable, startPhase } from './start-phase.js';
import { isOpen, isStartable } from './step-status.js';

/** Lets what runs end and starts nothing else. */
export function pauseRun(change: Change): void {
  moveRun(change, 'paused');
  emit(change, 'run.paused', 'run');
}

/** Goes on where the run was paused: queued steps are queued again, an automatic run advances. */
export function resumeRun(change: Change): void {
  moveRun(change, 'running');
  emit(change, 'run.resumed', 'run');
  const phase = currentPhase(change);
  if (isActive(phase.status)) {
    requeue(change);
    scheduleSteps(change);
  } else {
    goOnAutomatically(change);
  }
}

/** Changes the limits on usage; an automatic run that waited on them goes on. */
export function changeBudget(
  change: Change,
  limits: { readonly maxCostUsd: string | null; readonly maxTokens: number | null },
): void {
  change.run.budgetMaxCostUsd = limits.maxCostUsd;
  change.run.budgetMaxTokens = limits.maxTokens;
  emit(change, 'budget.changed', 'run', { max_cost_usd: limits.maxCostUsd, max_tokens: limits.maxTokens });
  askBudgetsAgain(change);
}

/** After a limit has changed: steps that it held ask again, and an automatic run that waited on it goes on. */
export function askBudgetsAgain(change: Change): void {
  for (const step of change.steps) {
    if (step.budgetHold !== null) {
      step.budgetHold = null;
      emit(change, 'step.resumed', step);
    }
    if (step.heldBy !== null && isStartable(step.status)) {
      step.heldBy = null;
      announce(change, step, change.now);
    }
  }
  goOnAutomatically(change);
}

function requeue(change: Change): void {
  for (const step of change.steps) {
    const held = change.tries.find((candidate) => candidate.stepId === step.id);
    const offered = step.status === 'waiting' && step.executor === 'llm';
    if (offered || (step.status === 'queued' && held?.status === 'queued'))
      announce(change, step, held?.runAt ?? change.now);
  }
}

/** Ends the run for good: nothing of it starts afterwards, and what runs is ended by its worker. */
export function cancelRun(change: Change, reason: string | null): void {
  for (const step of change.steps) if (isOpen(step.status)) cancelStep(change, step);
  const current = currentPhase(change);
  if (isActive(current.status)) endAttempt(change);
  for (const phase of change.phases) {
    if (!isPassed(phase.status)) movePhase(change, phase, 'cancelled');
  }
  moveRun(change, 'cancelled');
  change.run.completedAt = change.now;
  emit(change, 'run.cancelled', 'run', { reason });
}

/** Skips the current phase, which the profile declares optional. */
export function skipPhase(change: Change, reason: string | null): void {
  const phase = currentPhase(change);
  movePhase(change, phase, 'skipped');
  phase.completedAt = change.now;
  emit(change, 'phase.skipped', 'phase', { reason });
  if (!goToNextPhase(change)) return;
  skipInapplicable(change);
  goOnAutomatically(change);
}

/**
 * Returns to the state after `target`: it stays completed, what came after it is pending again and its attempts
 * are marked superseded by the caller. The run then waits, also where it advances by itself.
 */
export function rollBack(change: Change, target: string): readonly string[] {
  const kept = phaseOf(change, target);
  for (const step of change.steps) if (isOpen(step.status)) cancelStep(change, step);
  if (isActive(currentPhase(change).status)) {
    endAttempt(change);
    const attempt = change.attempt;
    if (attempt !== null) attempt.status = 'cancelled';
  }
  const undone = change.phases.filter((phase) => phase.position > kept.position);
  for (const phase of undone) {
    if (phase.status !== 'pending') movePhase(change, phase, 'pending');
    Object.assign(phase, { startedAt: null, completedAt: null, error: null, checkpoint: null });
  }
  if (change.run.status !== 'running') moveRun(change, 'running');
  Object.assign(change.run, { failure: null, completedAt: null });
  emit(change, 'run.rolled_back', 'run', { phase: target });
  if (goToFirstUndone(change, target)) skipInapplicable(change);
  return undone.map((phase) => phase.phase);
}

function goToFirstUndone(change: Change, target: string): boolean {
  change.run.currentPhase = target;
  return goToNextPhase(change);
}

/** A reviewer asked for changes: this attempt ends, and a new one is given the comment. */
export function requestChanges(change: Change, comment: string): void {
  const phase = currentPhase(change);
  for (const step of change.steps) if (isOpen(step.status)) cancelStep(change, step);
  endAttempt(change);
  if (change.attempt !== null) {
    change.attempt.status = 'failed';
    change.attempt.error = failure('changes_requested', comment, phase.phase);
  }
  emit(change, 'phase.changes_requested', 'phase', { comment });
  startPhase(change, { comment });
}
