import { Script } from 'node:vm';

const script = new Script('job()');

export type TimedResult<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'timed_out' };

/**
 * Runs synchronous work on untrusted input and stops it after `milliseconds`: a regular expression that
 * backtracks without end or a document made to be slow must not hold the process. What `job` throws is thrown.
 */
export function withinTime<T>(milliseconds: number, job: () => T): TimedResult<T> {
  let result: TimedResult<T> = { kind: 'timed_out' };
  const sandbox = {
    job: () => {
      result = { kind: 'done', value: job() };
    },
  };
  try {
    // The script is a constant; only the time limit of the vm is used, it is no security boundary here.
    script.runInNewContext(sandbox, { timeout: milliseconds });
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
  return result;
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
