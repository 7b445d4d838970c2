import { SYSTEM, type Change } from '../../src/runs/domain/change.js';
import { claimStep, finishStep } from '../../src/runs/domain/finish-step.js';
import type { StepState } from '../../src/runs/domain/run-state.js';
import type { StepOutcomeFacts } from '../../src/runs/domain/step-outcome.js';
import { normaliseProfile } from '../../src/workflow/domain/normalise.js';
import type { ProfileSource } from '../../src/workflow/domain/profile-source.js';

export const START = new Date('2026-01-02T03:04:05.000Z');

/** A run of such a profile as it is when it was created, with ids 1, 2, 3 … and a clock that stands still. */
export function newChange(phases: ProfileSource['phases'], changes: Partial<Change['run']> = {}): Change {
  const definition = normaliseProfile({ apiVersion: 'orchestrator/v1', name: 'p', title: 'P', phases });
  let ids = 0;
  return {
    run: { ...newRun(definition.phases[0]?.name ?? ''), ...changes },
    definition,
    parameters: {},
    phases: definition.phases.map(({ name }, position) => ({
      phase: name,
      position,
      status: 'pending' as const,
      attempt: 0,
      startedAt: null,
      completedAt: null,
      workingMs: 0,
      error: null,
      checkpoint: null,
    })),
    attempt: null,
    steps: [],
    tries: [],
    usedUp: [],
    now: START,
    actor: SYSTEM,
    newId: () => String((ids += 1)),
    random: () => 0.5,
    events: [],
    jobs: [],
  };
}

const newRun = (currentPhase: string): Change['run'] => ({
  profileVersion: 1,
  id: 'run',
  ownerId: 'owner',
  projectName: 'project',
  status: 'running',
  currentPhase,
  autoAdvance: false,
  priority: 0,
  costUsd: '0',
  inputTokens: 0,
  outputTokens: 0,
  budgetMaxCostUsd: null,
  budgetMaxTokens: null,
  phasesDone: 0,
  phaseStates: [],
  waitingKind: null,
  waitingSince: null,
  waitingDetail: null,
  workingMs: 0,
  waivedGates: 0,
  failure: null,
  updatedAt: START,
  completedAt: null,
  archivedAt: null,
});

export function stepOf(change: Change, key: string): StepState {
  const step = change.steps.find((candidate) => candidate.key === key);
  if (step === undefined) throw new Error(`No step ${key}`);
  return step;
}

export const SUCCESS: StepOutcomeFacts = { kind: 'succeeded', summary: null, commit: null, warnings: [] };

/** A worker takes the step and leaves that outcome. */
export function work(change: Change, key: string, outcome: StepOutcomeFacts = SUCCESS): void {
  const step = stepOf(change, key);
  finishStep(change, step, claimStep(change, step, { workerId: 'w', leaseMs: 1000 }), outcome);
}

export const failing = (code: string, retryable: boolean): StepOutcomeFacts => ({
  kind: 'failed',
  failure: { code, message: `It failed: ${code}.`, phase: null, step: null, exit_code: 1, signal: null },
  retryable,
  warnings: [],
});
