import { describe, expect, it } from '@jest/globals';
import { isRetryable, nextTry } from './retry.js';

const policy = { attempts: 3, backoffMs: 2000, exitCodes: false };
const late = { code: 'timeout', retryable: true };
const lost = { code: 'lost', retryable: true };

describe('nextTry', () => {
  it('doubles the pause with every try', () => {
    expect(nextTry(late, policy, 1, 0.5)).toEqual({ kind: 'retry', delayMs: 2000 });
    expect(nextTry(late, policy, 2, 0.5)).toEqual({ kind: 'retry', delayMs: 4000 });
  });

  it('waits no longer the more workers were lost', () => {
    expect(nextTry(lost, policy, 1, 0.5)).toEqual({ kind: 'retry', delayMs: 2000 });
    expect(nextTry(lost, policy, 2, 0.5)).toEqual({ kind: 'retry', delayMs: 2000 });
    expect(nextTry(lost, policy, 3, 0.5)).toEqual({ kind: 'give_up' });
  });

  it('gives up after the last try that the policy allows', () => {
    expect(nextTry(late, policy, 3, 0.5)).toEqual({ kind: 'give_up' });
    expect(nextTry(late, { ...policy, attempts: 1 }, 1, 0)).toEqual({ kind: 'give_up' });
  });

  it('gives up at once on a failure that is not retryable', () => {
    expect(nextTry({ code: 'exit_code', retryable: false }, policy, 1, 0)).toEqual({ kind: 'give_up' });
  });

  it('tries an exit code again where the step itself asks for a retry', () => {
    const asked = { ...policy, exitCodes: true };
    expect(nextTry({ code: 'exit_code', retryable: false }, asked, 1, 0.5)).toEqual({
      kind: 'retry',
      delayMs: 2000,
    });
    expect(nextTry({ code: 'missing_artifact', retryable: false }, asked, 1, 0.5)).toEqual({
      kind: 'give_up',
    });
  });

  it('never waits longer than 30 seconds', () => {
    expect(nextTry(late, { ...policy, attempts: 10 }, 9, 0.99)).toEqual({
      kind: 'retry',
      delayMs: 30_000,
    });
  });

  it('spreads the pause by a quarter to both sides', () => {
    expect(nextTry(late, policy, 1, 0)).toEqual({ kind: 'retry', delayMs: 1500 });
    expect(nextTry(late, policy, 1, 0.999_999)).toEqual({ kind: 'retry', delayMs: 2500 });
  });
});

describe('isRetryable', () => {
  it('takes an exit code as final, except for the one that asks for another try', () => {
    expect(isRetryable('exit_code', 1)).toBe(false);
    expect(isRetryable('exit_code', 75)).toBe(true);
  });

  it.each(['timeout', 'lost', 'resources', 'unavailable'])('tries again after %s', (code) => {
    expect(isRetryable(code, null)).toBe(true);
  });

  it.each(['cancelled', 'signal', 'spawn', 'missing_artifact', 'merge_conflict'])(
    'does not after %s',
    (code) => {
      expect(isRetryable(code, null)).toBe(false);
    },
  );
});
