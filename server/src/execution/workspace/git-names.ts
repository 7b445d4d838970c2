/** The branch that steps work on, and that points to the newest checkpoint in the run's repository. */
export const RUN_BRANCH = 'orchestrator/run';

/** Where a step attempt started. */
export const startRef = (stepAttemptId: string): string => `refs/orchestrator/starts/${stepAttemptId}`;

/** What a step attempt left; kept for as long as the run, so that nothing a run made is lost. */
export const attemptRef = (stepAttemptId: string): string => `refs/orchestrator/attempts/${stepAttemptId}`;

export const checkpointRef = (phase: string, attempt: number): string =>
  `refs/orchestrator/checkpoints/${phase}/${attempt}`;

/** What a worker on another machine left, under the claim that it was sent with. */
export const deliveredRef = (stepAttemptId: string, epoch: number): string =>
  `refs/orchestrator/delivered/${stepAttemptId}/${epoch}`;
