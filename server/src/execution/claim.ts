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

/** Commits of the steps that are built on; a step without one hands on what it was built on itself. */
function commitsBefore(change: Change, needs: readonly string[]): string[] {
  const commits = needs.flatMap((need) => {
    const step = change.steps.find((candidate) => candidate.key === need);
    if (step === undefined) return [];
    return step.commit === null ? commitsBefore(change, stepDefinition(change, step).needs) : [step.commit];
  });
  return [...new Set(commits)];
}
