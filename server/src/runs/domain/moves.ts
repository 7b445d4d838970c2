import { currentPhase, emit, type Change } from './change.js';
import { PHASE_TRANSITIONS, type PhaseStatus } from './phase-status.js';
import { RUN_TRANSITIONS, type RunStatus } from './run-status.js';
import type { RunPhaseState, StepState } from './run-state.js';
import { STEP_TRANSITIONS, type StepStatus } from './step-status.js';
import { assertTransition } from './transition.js';

/** Moves the run; one that runs again is archived no more. @throws IllegalTransition */
export function moveRun(change: Change, to: RunStatus): void {
  assertTransition('Run', RUN_TRANSITIONS, change.run.status, to);
  change.run.status = to;
  if (to !== 'running' || change.run.archivedAt === null) return;
  change.run.archivedAt = null;
  emit(change, 'run.restored', 'run');
}

/** Moves a phase, and its newest attempt with it when it is the current one. @throws IllegalTransition */
export function movePhase(change: Change, phase: RunPhaseState, to: PhaseStatus): void {
  assertTransition(`Phase ${phase.phase}`, PHASE_TRANSITIONS, phase.status, to);
  phase.status = to;
  const attempt = change.attempt;
  if (
    attempt !== null &&
    phase === currentPhase(change) &&
    attempt.number === phase.attempt &&
    to !== 'pending'
  ) {
    attempt.status = to;
  }
}

/** Moves a step. @throws IllegalTransition */
export function moveStep(step: StepState, to: StepStatus): void {
  assertTransition(`Step ${step.key}`, STEP_TRANSITIONS, step.status, to);
  step.status = to;
}
