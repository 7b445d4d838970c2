import type { RetryPolicy } from '../../workflow/domain/profile.js';

/** Whether a failed try is followed by another one. */
export type RetryPlan = { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'give_up' };

/** The longest pause between two tries. */
export const MAX_BACKOFF_MS = 30_000;

/**
 * Decides what follows a failed try. The pause doubles from the policy's first back-off with every try, up to
 * 30 s, and is spread by ±25 % so that steps which failed together do not come back together. After a lost worker it
 * stays the first one: waiting longer cures nothing that is wrong with the step, and recovery must not take longer the
 * more workers were lost.
 *
 * @param failure what the try failed with; only a retryable failure is tried again
 * @param policy the step's retry policy
 * @param tries how many tries there were, from 1
 * @param random a number in [0, 1)
 */
export function nextTry(
  failure: { readonly code: string; readonly retryable: boolean },
  policy: RetryPolicy,
  tries: number,
  random: number,
): RetryPlan {
  const again = failure.retryable || (policy.exitCodes && failure.code === 'exit_code');
  if (!again || tries >= policy.attempts) return { kind: 'give_up' };
  const doublings = failure.code === 'lost' ? 0 : tries - 1;
  const pause = Math.min(policy.backoffMs * 2 ** doublings, MAX_BACKOFF_MS);
  const spread = pause * (0.75 + random / 2);
  return { kind: 'retry', delayMs: Math.min(Math.round(spread), MAX_BACKOFF_MS) };
}

/** The exit code by which a command says "try again later" (EX_TEMPFAIL of sysexits.h). */
export const EXIT_TRY_AGAIN = 75;

/**
 * Failures that another try may cure: a time limit, a lost worker, a machine that was out of processes or memory,
 * a service that did not answer. A command's exit code means what the command says: it is final, except for
 * {@link EXIT_TRY_AGAIN}, with which a command asks for another try, and where the step itself has a retry policy.
 */
export function isRetryable(code: string, exitCode: number | null): boolean {
  switch (code) {
    case 'timeout':
    case 'lost':
    case 'resources':
    case 'unavailable':
      return true;
    case 'exit_code':
      return exitCode === EXIT_TRY_AGAIN;
    default:
      return false;
  }
}
