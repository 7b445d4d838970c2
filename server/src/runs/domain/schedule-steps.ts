import type { ExecutorDefinition, ExecutorKind, StepDefinition } from '../../workflow/domain/profile.js';
import { activeAttempt, applies, currentPhase, emit, stepDefinition, tryOf, type Change } from './change.js';
import { failPhase } from './finish-phase.js';
import { movePhase, moveStep } from './moves.js';
import type { StepState, TryState } from './run-state.js';
import { isDone, isOpen } from './step-status.js';

/**
 * Moves the current attempt on after anything about its steps changed: queues what is ready, ends the phase's
 * work when all is done, fails the phase when a step failed and nothing runs any more.
 */
export function scheduleSteps(change: Change): void {
  const failed = change.steps.find((step) => step.status === 'failed');
  if (failed !== undefined) {
    cancelWaiting(change);
    if (!change.steps.some((step) => step.status === 'running')) {
      failPhase(change, { ...(failed.error ?? unexplained(failed)), phase: failed.phase, step: failed.key });
    }
    return;
  }
  if (change.run.status === 'paused') return;
  startReady(change);
  if (change.steps.every((step) => isDone(step.status))) {
    showAsExecuting(change);
    change.jobs.push({ kind: 'finish_phase', phaseAttemptId: activeAttempt(change).id });
    return;
  }
  showAwaitedApproval(change);
}

/** Queues a step that is ready, or opens it to whoever is to claim, decide or deliver it. */
function startReady(change: Change): void {
  let moved = true;
  while (moved) {
    moved = false;
    for (const step of change.steps.filter((candidate) => candidate.status === 'pending')) {
      const definition = stepDefinition(change, step);
      if (!needsDone(change, definition)) continue;
      openStep(change, step, definition);
      moved = true;
    }
  }
}

/**
 * Whether everything is done that such a step builds on, directly or through others: what is done already may build on an
 * approval that is asked for again.
 */
export function needsDone(change: Change, definition: StepDefinition): boolean {
  const needed = new Set(definition.needs);
  for (const need of needed) {
    const step = change.steps.find(({ key }) => key === need);
    if (step === undefined || !isDone(step.status)) return false;
    for (const further of stepDefinition(change, step).needs) needed.add(further);
  }
  return true;
}

function openStep(change: Change, step: StepState, definition: StepDefinition): void {
  step.queuedAt = change.now;
  if (!applies(change, definition.when)) {
    moveStep(step, 'skipped');
    step.completedAt = change.now;
    emit(change, 'step.skipped', step, { reason: 'Its condition does not hold.' });
    return;
  }
  if (isRunHere(step.executor)) {
    moveStep(step, 'queued');
    queueTry(change, step);
    emit(change, 'step.queued', step);
  } else {
    moveStep(step, 'waiting');
    step.expiresAt = expiryOf(definition.executor, change.now);
    emit(change, 'step.waiting', step, { executor: step.executor, agent: step.agentId });
    announce(change, step, change.now);
  }
}

/** Queues the try that a step was left with when it had to wait once more for what it builds on, or its first one. */
function queueTry(change: Change, step: StepState): void {
  const left = tryOf(change, step);
  if (left?.status !== 'queued') addTry(change, step, change.now);
  else announce(change, step, left.runAt > change.now ? left.runAt : change.now);
}

/** When a step fails that nobody takes or decides; null: never. */
export function expiryOf(executor: ExecutorDefinition, now: Date): Date | null {
  const limit =
    executor.kind === 'approval'
      ? executor.approvalTimeoutMs
      : executor.kind === 'worker'
        ? executor.claimTimeoutMs
        : null;
  return limit === null ? null : new Date(now.getTime() + limit);
}

/** Whether a process of ours runs such a step; the others wait for whoever claims, decides or delivers them. */
export function isRunHere(executor: ExecutorKind): boolean {
  switch (executor) {
    case 'command':
    case 'agent_cli':
    case 'http':
      return true;
    case 'approval':
    case 'llm':
    case 'worker':
      return false;
  }
}

/** Has a ready step taken up at `runAt` by a process of ours that may do it; others come for theirs themselves. */
export function announce(change: Change, step: StepState, runAt: Date): void {
  const held = tryOf(change, step);
  if (step.executor === 'llm') change.jobs.push({ kind: 'offer_step', stepId: step.id, runAt });
  else if (isRunHere(step.executor) && held !== undefined)
    change.jobs.push({ kind: 'run_step', stepAttemptId: held.id, runAt });
}

/** Adds a try of a step that becomes due at `runAt`; with its job, where a process of ours may do it. */
export function addTry(change: Change, step: StepState, runAt: Date): TryState {
  step.tries += 1;
  const next: TryState = {
    id: change.newId(),
    runId: step.runId,
    stepId: step.id,
    number: step.tries,
    status: 'queued',
    epoch: 0,
    workerId: null,
    leaseExpiresAt: null,
    runAt,
    startedAt: null,
    completedAt: null,
    error: null,
  };
  change.tries = [...change.tries.filter((other) => other.stepId !== step.id), next];
  announce(change, step, runAt);
  return next;
}

/** What has not begun in an attempt that cannot succeed any more is cancelled; what runs ends by itself. */
function cancelWaiting(change: Change): void {
  for (const step of change.steps) {
    if (isOpen(step.status) && step.status !== 'running') cancelStep(change, step);
  }
}

/** Cancels an open step and its try. */
export function cancelStep(change: Change, step: StepState): void {
  moveStep(step, 'cancelled');
  step.completedAt = change.now;
  closeTry(change, step);
  emit(change, 'step.cancelled', step);
}

/** Ends the try of a step that ended without it. */
export function closeTry(change: Change, step: StepState): void {
  const held = tryOf(change, step);
  if (held?.status !== 'queued' && held?.status !== 'running') return;
  held.status = 'cancelled';
  held.completedAt = change.now;
  held.leaseExpiresAt = null;
}

function showAwaitedApproval(change: Change): void {
  const phase = currentPhase(change);
  const executing = change.steps.some((step) => step.status === 'running' || step.status === 'queued');
  const awaited = change.steps.some((step) => step.status === 'waiting' && step.executor === 'approval');
  if (phase.status === 'in_progress' && awaited && !executing) {
    movePhase(change, phase, 'awaiting_approval');
    emit(change, 'phase.awaiting_approval', 'phase');
  }
}

function showAsExecuting(change: Change): void {
  const phase = currentPhase(change);
  if (phase.status === 'awaiting_approval') movePhase(change, phase, 'in_progress');
}

const unexplained = (step: StepState) => ({
  code: 'step_failed',
  message: `Step ${step.key} failed.`,
  phase: step.phase,
  step: step.key,
  exit_code: null,
  signal: null,
});
