import { describe, expect, it } from '@jest/globals';
import { atLeast, backOff } from './back-off.js';

describe('the wait before the next try', () => {
  it('is three times as long after each failure, up to six hours', () => {
    expect([1, 2, 3, 4].map((tries) => backOff(tries, 10_000, 0.5))).toEqual([
      10_000, 30_000, 90_000, 270_000,
    ]);
    expect(backOff(50, 10_000, 0.5)).toBe(6 * 3_600_000);
  });

  it('is what the receiver asks for where that is longer, up to six hours', () => {
    expect([atLeast(10_000, null), atLeast(10_000, 5000), atLeast(10_000, 60_000)]).toEqual([
      10_000, 10_000, 60_000,
    ]);
    expect(atLeast(10_000, 1e12)).toBe(6 * 3_600_000);
  });

  it('is spread by chance from half to one and a half of that', () => {
    expect([backOff(1, 10_000, 0), backOff(1, 10_000, 0.999)]).toEqual([5000, 14_990]);
  });
});
