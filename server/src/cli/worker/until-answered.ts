import { setTimeout as pause } from 'node:timers/promises';
import { ApiProblem, Unreachable } from '../api/cli-error.js';

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 5000;

/** Whether the server may answer otherwise a moment later: it restarts, or is asked too much. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Unreachable ||
  (error instanceof ApiProblem && (error.problem.status >= 500 || error.problem.status === 429));

/**
 * Does it again and again while the server is away.
 * @throws at once what the server refuses, and the last error once the signal is aborted
 */
export async function untilAnswered<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LAST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || signal.aborted) throw error;
      await pause(ms, undefined, { signal }).catch(() => undefined);
    }
  }
}
