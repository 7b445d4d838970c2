import { budgetReached } from './budget.js';
import { applies, currentPhase, emit, phaseDefinition, type Change } from './change.js';
import { movePhase, moveRun } from './moves.js';
import type { PhaseAttemptState, RunPhaseState, StepState, WaiverRequest } from './run-state.js';
import { scheduleSteps } from './schedule-steps.js';

export interface StartOptions {
  /** What a reviewer asked for; given to the steps. */
  readonly comment: string | null;
  /** Waives what the gates will block. */
  readonly waiver: WaiverRequest | null;
  /** Steps whose result of the attempt before is kept. */
  readonly keep: readonly StepState[];
}

const FRESH: StartOptions = { comment: null, waiver: null, keep: [] };

/**
 * Starts a new attempt of the current phase: its steps are laid out and the ready ones queued. What a reviewer asked for
 * is given to every attempt until one is reviewed again.
 * A phase whose condition does not hold is skipped, and the next one that applies is started instead.
 */
export function startPhase(change: Change, options: Partial<StartOptions> = {}): void {
  const { waiver, keep, ...asked } = { ...FRESH, ...options };
  if (change.run.status === 'failed') moveRun(change, 'running');
  change.run.failure = null;
  skipInapplicable(change);
  if (change.run.status !== 'running') return;
  const phase = currentPhase(change);
  const comment = asked.comment ?? change.attempt?.comment ?? null;
  beginAttempt(change, phase, { comment, waiver });
  change.steps = layOutSteps(change, keep);
  change.tries = [];
  emit(change, 'phase.started', 'phase', comment === null ? {} : { comment });
  scheduleSteps(change);
}

function beginAttempt(
  change: Change,
  phase: RunPhaseState,
  given: { readonly comment: string | null; readonly waiver: WaiverRequest | null },
): void {
  phase.attempt += 1;
  phase.startedAt ??= change.now;
  phase.completedAt = null;
  phase.error = null;
  change.attempt = newAttempt(change, phase, given);
  if (phase.status !== 'in_progress') movePhase(change, phase, 'in_progress');
}

function newAttempt(
  change: Change,
  phase: RunPhaseState,
  given: { readonly comment: string | null; readonly waiver: WaiverRequest | null },
): PhaseAttemptState {
  return {
    id: change.newId(),
    runId: change.run.id,
    phase: phase.phase,
    number: phase.attempt,
    status: 'in_progress',
    comment: given.comment,
    baseCommit: null,
    checkpoint: null,
    startedAt: change.now,
    completedAt: null,
    workingMs: null,
    error: null,
    waiver: given.waiver,
    epoch: 0,
    leaseExpiresAt: null,
    reopenedAt: null,
    supersededAt: null,
  };
}

function layOutSteps(change: Change, keep: readonly StepState[]): StepState[] {
  const attemptId = change.attempt?.id ?? '';
  return phaseDefinition(change, change.run.currentPhase).steps.map((definition, position) => {
    const kept = keep.find((step) => step.key === definition.id);
    return {
      id: change.newId(),
      runId: change.run.id,
      phaseAttemptId: attemptId,
      phase: change.run.currentPhase,
      key: definition.id,
      position,
      agentId: definition.agent,
      executor: definition.executor.kind,
      labels: definition.executor.kind === 'worker' ? [...definition.executor.labels] : [],
      status: kept?.status ?? 'pending',
      tries: 0,
      epoch: 0,
      queuedAt: null,
      expiresAt: null,
      heldBy: null,
      budgetHold: null,
      startedAt: kept?.startedAt ?? null,
      completedAt: kept?.completedAt ?? null,
      commit: kept?.commit ?? null,
      summary: kept?.summary ?? null,
      warnings: kept?.warnings ?? [],
      error: null,
    };
  });
}

/** Skips phases from the current one on whose condition does not hold; completes the run when none is left. */
export function skipInapplicable(change: Change): void {
  for (;;) {
    const phase = currentPhase(change);
    if (phase.status !== 'pending' || applies(change, phaseDefinition(change, phase.phase).when)) return;
    movePhase(change, phase, 'skipped');
    phase.completedAt = change.now;
    emit(change, 'phase.skipped', 'phase', { reason: 'Its condition does not hold.' });
    if (!goToNextPhase(change)) return;
  }
}

/** Makes the next phase current; completes the run after the last. False when the run is complete. */
export function goToNextPhase(change: Change): boolean {
  const next = change.phases.find((phase) => phase.position === currentPhase(change).position + 1);
  if (next === undefined) {
    // Paused while the last phase was evaluated: nothing is left to be held back.
    if (change.run.status === 'paused') moveRun(change, 'running');
    moveRun(change, 'completed');
    change.run.completedAt = change.now;
    emit(change, 'run.completed', 'run');
    return false;
  }
  change.run.currentPhase = next.phase;
  change.attempt = null;
  change.steps = [];
  change.tries = [];
  return true;
}

/** Starts the current phase of a run that advances by itself, unless its budget is spent. */
export function goOnAutomatically(change: Change): void {
  const { run } = change;
  const ready = run.status === 'running' && run.autoAdvance && currentPhase(change).status === 'pending';
  if (ready && budgetReached(change) === null) startPhase(change);
}
