import type { PhaseDefinition, ProfileDefinition, StepDefinition } from '../../workflow/domain/profile.js';
import { evaluateCondition } from '../../workflow/domain/when.js';
import type { PhaseAttemptState, RunPhaseState, RunState, StepState, TryState } from './run-state.js';

export interface Actor {
  readonly kind: 'user' | 'worker' | 'system';
  readonly id: string | null;
  readonly name: string | null;
}

export const SYSTEM: Actor = { kind: 'system', id: null, name: null };

export interface NewEvent {
  readonly type: string;
  readonly phase: string | null;
  readonly step: string | null;
  readonly attempt: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Work that becomes ready with the change: queued in its transaction. */
export type NewJob =
  | { readonly kind: 'run_step'; readonly stepAttemptId: string; readonly runAt: Date }
  /** An agent's step waits: whichever process has a model for it may take it. */
  | { readonly kind: 'offer_step'; readonly stepId: string; readonly runAt: Date }
  | { readonly kind: 'finish_phase'; readonly phaseAttemptId: string };

/** A shared budget that is used up. */
export interface UsedUpBudget {
  /** The one phase that it counts; null: all of the run. */
  readonly phase: string | null;
  /** What it is and what would move the run. */
  readonly sentence: string;
}

/**
 * One change of one run, from loading to saving: the state that it moves and what it leaves behind.
 * Pure: time, ids and randomness come from outside.
 */
export interface Change {
  readonly run: RunState;
  readonly definition: ProfileDefinition;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Every phase in order. */
  readonly phases: readonly RunPhaseState[];
  /** Newest attempt of the current phase, if it has one. */
  attempt: PhaseAttemptState | null;
  /** Steps of that attempt in the profile's order. */
  steps: StepState[];
  /** Newest try of each of those steps. */
  tries: TryState[];
  /** Shared budgets that count this run and are used up. */
  readonly usedUp: readonly UsedUpBudget[];
  readonly now: Date;
  readonly actor: Actor;
  readonly newId: () => string;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly events: NewEvent[];
  readonly jobs: NewJob[];
}

/** Appends an event about the run, its current attempt or one step of it. */
export function emit(
  change: Change,
  type: string,
  about: 'run' | 'phase' | StepState,
  data: Readonly<Record<string, unknown>> = {},
): void {
  change.events.push({
    type,
    phase: about === 'run' ? null : about === 'phase' ? change.run.currentPhase : about.phase,
    step: typeof about === 'string' ? null : about.key,
    attempt: about === 'run' ? null : (change.attempt?.number ?? null),
    data,
  });
}

/** The row of a phase. @throws when the profile has no such phase: rows and profile version always agree */
export function phaseOf(change: Change, name: string): RunPhaseState {
  return must(
    change.phases.find((phase) => phase.phase === name),
    `phase ${name}`,
  );
}

export const currentPhase = (change: Change): RunPhaseState => phaseOf(change, change.run.currentPhase);

export function phaseDefinition(change: Change, name: string): PhaseDefinition {
  return must(
    change.definition.phases.find((phase) => phase.name === name),
    `phase ${name} in the profile`,
  );
}

export function stepDefinition(change: Change, step: StepState): StepDefinition {
  return must(
    phaseDefinition(change, step.phase).steps.find((definition) => definition.id === step.key),
    `step ${step.key} in the profile`,
  );
}

/**
 * Whether a phase's or step's condition holds. Conditions were evaluated with these parameters when the run was
 * created, so they do not throw here.
 */
export const applies = (change: Change, when: string | null): boolean =>
  when === null || evaluateCondition(when, change.parameters);

/** The attempt that an active phase has. */
export const activeAttempt = (change: Change): PhaseAttemptState =>
  must(change.attempt, 'the current attempt');

/** Newest try of a step. */
export const tryOf = (change: Change, step: StepState): TryState | undefined =>
  change.tries.find((candidate) => candidate.stepId === step.id);

function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}`);
  return value;
}
