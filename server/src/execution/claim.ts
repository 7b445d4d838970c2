import { DomainError } from '../problems/domain-error.js';
import { activeAttempt, stepDefinition, type Change } from '../runs/domain/change.js';
import type { Full } from '../runs/domain/places.js';
import type { StepState, TryState } from '../runs/domain/run-state.js';
import type { StepDefinition } from '../workflow/domain/profile.js';

/** A step that a worker holds: every message about it carries the epoch. */
export interface Claim {
  readonly runId: string;
  readonly phase: string;
  readonly phaseAttempt: number;
  readonly phaseAttemptId: string;
  readonly stepId: string;
  readonly stepAttemptId: string;
  readonly stepTry: number;
  readonly epoch: number;
  readonly definition: StepDefinition;
  readonly comment: string | null;
  /** Commits the step builds on: of the steps it needs; none where it starts from the phase's base. */
  readonly parentCommits: readonly string[];
}

/** What came of the wish for a waiting step: it is ours, somebody was quicker, or a limit leaves it no place. */
export type WaitingClaim =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'gone' }
  | { readonly kind: 'full'; readonly by: Full };

/** Under which claim something is said of a try. */
export type ClaimRef = Pick<Claim, 'runId' | 'stepAttemptId' | 'epoch'>;

/** The claim on a try that somebody holds. */
export function claimOf(change: Change, step: StepState, held: TryState): Claim {
  const definition = stepDefinition(change, step);
  const attempt = activeAttempt(change);
  return {
    runId: change.run.id,
    phase: step.phase,
    phaseAttempt: attempt.number,
    phaseAttemptId: attempt.id,
    stepId: step.id,
    stepAttemptId: held.id,
    stepTry: held.number,
    epoch: held.epoch,
    definition,
    comment: attempt.comment,
    parentCommits: commitsBefore(change, definition.needs),
  };
}

/** The step and try that a claim is about. @throws DomainError 409 `lease_lost` where it is not the try's any more */
export function heldBy(change: Change, ref: ClaimRef): { readonly step: StepState; readonly held: TryState } {
  const held = change.tries.find((candidate) => candidate.id === ref.stepAttemptId);
  const step = change.steps.find((candidate) => candidate.id === held?.stepId);
  const holds = held?.epoch === ref.epoch && (held.status === 'running' || held.status === 'cancelled');
  if (held === undefined || step === undefined || !holds) throw leaseLost();
  return { step, held };
}

export const leaseLost = (): DomainError =>
  new DomainError(
    409,
    'lease_lost',
    'The lease on this step is lost; somebody else holds it or it has ended.',
  );

/** Commits of the steps that are built on; a step without one hands on what it was built on itself. */
function commitsBefore(change: Change, needs: readonly string[]): string[] {
  const looked = new Set(needs);
  const commits = new Set<string>();
  for (const need of looked) {
    const step = change.steps.find((candidate) => candidate.key === need);
    if (step === undefined) continue;
    if (step.commit !== null) commits.add(step.commit);
    else for (const further of stepDefinition(change, step).needs) looked.add(further);
  }
  return [...commits];
}
