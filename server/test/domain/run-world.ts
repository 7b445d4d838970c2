import type { Change, NewJob } from '../../src/runs/domain/change.js';
import { SYSTEM } from '../../src/runs/domain/change.js';
import type {
  PhaseAttemptState,
  RunPhaseState,
  RunState,
  StepState,
  TryState,
} from '../../src/runs/domain/run-state.js';
import { summarise } from '../../src/runs/domain/summarise.js';
import type { ProfileDefinition } from '../../src/workflow/domain/profile.js';

/** What a worker was told when it claimed a step; it may come back with it at any time. */
export interface HeldClaim {
  readonly tryId: string;
  readonly epoch: number;
}

/** What a process holds that evaluates an attempt. */
export interface HeldEvaluation {
  readonly attemptId: string;
  readonly epoch: number;
}

export const LEASE_MS = 20_000;

/**
 * A run in memory, changed as the server changes it: rows are loaded, moved by the pure decisions, and saved together
 * with the jobs; jobs, workers and evaluations around it come and go as the test wants.
 */
export class RunWorld {
  readonly run: RunState & { costUsd: string };
  readonly phases: RunPhaseState[];
  readonly attempts: PhaseAttemptState[] = [];
  readonly steps: StepState[] = [];
  readonly tries: TryState[] = [];
  readonly jobs = new Map<string, NewJob>();
  readonly claims: HeldClaim[] = [];
  readonly evaluations: HeldEvaluation[] = [];
  now = new Date('2026-01-01T00:00:00Z');
  private ids = 0;

  constructor(
    readonly definition: ProfileDefinition,
    readonly parameters: Readonly<Record<string, unknown>>,
    autoAdvance: boolean,
  ) {
    const names = definition.phases.map((phase) => phase.name);
    this.run = newRun(names[0] ?? '', autoAdvance, definition.budget, this.now);
    this.phases = names.map(newPhase);
    this.change(() => undefined);
  }

  change<T>(decide: (change: Change) => T, random = 0.5): T {
    const change = this.load(random);
    const result = decide(change);
    summarise(change);
    this.save(change);
    return result;
  }

  pass(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds);
  }

  get current(): RunPhaseState {
    const phase = this.phases.find((candidate) => candidate.phase === this.run.currentPhase);
    if (phase === undefined) throw new Error('The run has no current phase');
    return phase;
  }

  get attempt(): PhaseAttemptState | null {
    const { phase, attempt } = this.current;
    return this.attempts.find((held) => held.phase === phase && held.number === attempt) ?? null;
  }

  /** Steps of the newest attempt of the current phase. */
  get currentSteps(): StepState[] {
    return this.steps.filter((step) => step.phaseAttemptId === this.attempt?.id);
  }

  newestTry(step: StepState): TryState | undefined {
    return this.tries.find((held) => held.stepId === step.id && held.number === step.tries);
  }

  private load(random: number): Change {
    const steps = this.currentSteps;
    return {
      run: this.run,
      definition: this.definition,
      parameters: this.parameters,
      phases: this.phases,
      attempt: this.attempt,
      steps,
      tries: steps.flatMap((step) => this.newestTry(step) ?? []),
      usedUp: [],
      now: this.now,
      actor: SYSTEM,
      newId: () => `id-${String((this.ids += 1))}`,
      random: () => random,
      events: [],
      jobs: [],
    };
  }

  private save(change: Change): void {
    const { attempt } = change;
    if (attempt !== null && !this.attempts.includes(attempt)) this.attempts.push(attempt);
    this.steps.push(...change.steps.filter((step) => !this.steps.includes(step)));
    this.tries.push(...change.tries.filter((held) => !this.tries.includes(held)));
    for (const job of change.jobs) this.jobs.set(keyOf(job), job);
  }
}

export const keyOf = (job: NewJob): string =>
  job.kind === 'run_step'
    ? `run_step:${job.stepAttemptId}`
    : job.kind === 'offer_step'
      ? `offer_step:${job.stepId}`
      : `finish_phase:${job.phaseAttemptId}`;

const newRun = (
  currentPhase: string,
  autoAdvance: boolean,
  budget: ProfileDefinition['budget'],
  now: Date,
): RunState => ({
  id: 'run',
  ownerId: 'owner',
  projectName: 'project',
  profileVersion: 1,
  status: 'running',
  currentPhase,
  autoAdvance,
  priority: 0,
  ...{ costUsd: '0', inputTokens: 0, outputTokens: 0 },
  budgetMaxCostUsd: budget.maxCostUsd,
  budgetMaxTokens: budget.maxTokens,
  ...{ phasesDone: 0, phaseStates: [] },
  ...{ waitingKind: null, waitingSince: null, waitingDetail: null },
  ...{ workingMs: 0, waivedGates: 0, failure: null, completedAt: null, archivedAt: null },
  updatedAt: now,
});

const newPhase = (phase: string, position: number): RunPhaseState => ({
  phase,
  position,
  ...{ status: 'pending', attempt: 0, workingMs: 0 },
  ...{ startedAt: null, completedAt: null, error: null, checkpoint: null },
});
