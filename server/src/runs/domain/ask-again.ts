import { activeAttempt, stepDefinition, type Change } from './change.js';
import { moveStep } from './moves.js';
import type { StepState } from './run-state.js';
import { needsDone, scheduleSteps } from './schedule-steps.js';

/**
 * Moves an active attempt on after something changed that is judged in it. Decisions that count no more are asked for
 * again, and what builds on them and has not begun waits for them; gates judge anew, whoever is evaluating them now.
 * @param undecided succeeded approval steps whose decisions are void
 */
export function askAgain(change: Change, undecided: readonly StepState[]): void {
  for (const step of undecided) {
    takeBack(step);
    Object.assign(step, { startedAt: null, completedAt: null, summary: null });
  }
  change.steps
    .filter((step) => isUnbegun(step) && !needsDone(change, stepDefinition(change, step)))
    .forEach(takeBack);
  const attempt = activeAttempt(change);
  attempt.epoch += 1;
  attempt.leaseExpiresAt = null;
  scheduleSteps(change);
}

/** It keeps the try that it was queued with. */
function takeBack(step: StepState): void {
  moveStep(step, 'pending');
  Object.assign(step, { queuedAt: null, expiresAt: null, heldBy: null });
}

/** A step of `http` that waits has called its service. */
const isUnbegun = ({ status, executor }: StepState): boolean =>
  status === 'queued' || (status === 'waiting' && executor !== 'http');
