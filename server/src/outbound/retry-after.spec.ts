import { describe, expect, it } from '@jest/globals';
import { retryAfter } from './retry-after.js';

describe('Retry-After', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');

  it.each([
    ['120', 120_000],
    ['-3', 0],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j asks for %j milliseconds', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms);
  });
});
