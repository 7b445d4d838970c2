import type { StepOutcomeFacts } from './step-outcome.js';
import { nextTry } from '../../execution/domain/retry.js';
import { emit, stepDefinition, tryOf, type Change } from './change.js';
import { moveStep } from './moves.js';
import type { FailureRecord, StepState, TryState } from './run-state.js';
import { addTry, announce, closeTry, expiryOf, isRunHere, scheduleSteps } from './schedule-steps.js';

/** Claims a due try for a worker: the step's epoch rises, and only what carries it counts from now on. */
export function claimStep(
  change: Change,
  step: StepState,
  by: { readonly workerId: string; readonly leaseMs: number },
): TryState {
  const held = tryOf(change, step) ?? addTry(change, step, change.now);
  moveStep(step, 'running');
  step.epoch += 1;
  step.startedAt ??= change.now;
  step.heldBy = null;
  held.status = 'running';
  held.epoch = step.epoch;
  held.workerId = by.workerId;
  held.startedAt = change.now;
  held.leaseExpiresAt = new Date(change.now.getTime() + by.leaseMs);
  emit(change, 'step.started', step, { try: held.number, worker: by.workerId });
  return held;
}

/** Puts off a due step that finds no place: whoever ends one looks for it, and after a while it looks again itself. */
export function holdBack(change: Change, step: StepState, reason: string): void {
  step.heldBy = reason;
  announce(change, step, new Date(change.now.getTime() + HELD_BACK_MS));
}

const HELD_BACK_MS = 5000;

/** Records what a try came to and moves the phase on. */
export function finishStep(change: Change, step: StepState, held: TryState, outcome: StepOutcomeFacts): void {
  held.leaseExpiresAt = null;
  step.budgetHold = null;
  switch (outcome.kind) {
    case 'succeeded':
      held.status = 'succeeded';
      held.completedAt = change.now;
      succeed(change, step, outcome);
      break;
    case 'handed_back':
      held.status = 'queued';
      held.runAt = change.now;
      makeReady(change, step, change.now);
      emit(change, 'step.handed_back', step, { try: held.number });
      announce(change, step, change.now);
      break;
    case 'awaiting_callback':
      awaitCallback(change, step, held, outcome.expiresAt);
      break;
    case 'lost':
    case 'failed':
      held.status = outcome.kind;
      held.completedAt = change.now;
      held.error = outcome.failure;
      retryOrFail(change, step, held, outcome);
  }
  scheduleSteps(change);
}

/** The step holds no worker while it waits; its try stays open for the callback, and is due to nobody before that. */
function awaitCallback(change: Change, step: StepState, held: TryState, expiresAt: Date): void {
  held.status = 'queued';
  held.runAt = expiresAt;
  moveStep(step, 'waiting');
  step.expiresAt = expiresAt;
  const about = { executor: step.executor, agent: step.agentId, until: expiresAt.toISOString() };
  emit(change, 'step.waiting', step, about);
}

/** Fails a waiting step whose time is over. */
export function expireStep(change: Change, step: StepState): void {
  moveStep(step, 'failed');
  step.completedAt = change.now;
  step.error = {
    ...EXPIRED[step.executor === 'approval' || step.executor === 'http' ? step.executor : 'worker'],
    phase: step.phase,
    step: step.key,
    exit_code: null,
    signal: null,
  };
  closeTry(change, step);
  emit(change, 'step.failed', step, { failure: step.error });
  scheduleSteps(change);
}

/** Why a step failed that waited in vain: for a decision, a callback, or somebody to claim it. */
const EXPIRED = {
  approval: { code: 'approval_timeout', message: 'Nobody decided within the time limit.' },
  http: { code: 'callback_timeout', message: 'The callback did not come within the time limit.' },
  worker: { code: 'claim_timeout', message: 'No worker claimed the step within the time limit.' },
} as const;

/** Queues a step for another try, or opens it to be claimed once more: the time to be claimed begins anew. */
function makeReady(change: Change, step: StepState, from: Date): void {
  moveStep(step, isRunHere(step.executor) ? 'queued' : 'waiting');
  step.expiresAt = expiryOf(stepDefinition(change, step).executor, from);
}

/** Completes a step that waited for somebody's work, without a try of a worker of ours. */
export function deliverStep(
  change: Change,
  step: StepState,
  result: { readonly summary: string | null; readonly commit: string | null },
): void {
  succeed(change, step, { ...result, warnings: [] });
  closeTry(change, step);
  scheduleSteps(change);
}

function succeed(
  change: Change,
  step: StepState,
  result: {
    readonly summary: string | null;
    readonly commit: string | null;
    readonly warnings: readonly string[];
  },
): void {
  moveStep(step, 'succeeded');
  step.startedAt ??= change.now;
  step.completedAt = change.now;
  step.commit = result.commit;
  step.summary = result.summary;
  step.warnings = [...result.warnings];
  step.error = null;
  emit(change, 'step.succeeded', step, { try: step.tries, summary: result.summary });
}

function retryOrFail(
  change: Change,
  step: StepState,
  held: TryState,
  outcome: {
    readonly failure: FailureRecord;
    readonly retryable: boolean;
    readonly warnings: readonly string[];
  },
): void {
  step.warnings = [...outcome.warnings];
  const plan = nextTry(
    { code: outcome.failure.code, retryable: outcome.retryable },
    stepDefinition(change, step).retry,
    held.number,
    change.random(),
  );
  const others = change.steps.some((other) => other.status === 'failed');
  if (plan.kind === 'retry' && !others) {
    const runAt = new Date(change.now.getTime() + plan.delayMs);
    makeReady(change, step, runAt);
    step.error = outcome.failure;
    addTry(change, step, runAt);
    emit(change, 'step.retrying', step, {
      try: step.tries,
      not_before: runAt.toISOString(),
      failure: outcome.failure,
    });
    return;
  }
  moveStep(step, 'failed');
  step.completedAt = change.now;
  step.error = outcome.failure;
  emit(change, 'step.failed', step, { try: held.number, failure: outcome.failure });
}
