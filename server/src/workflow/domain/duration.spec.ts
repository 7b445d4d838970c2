import { describe, expect, it } from '@jest/globals';
import { parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['2s', 2000],
    ['10m', 600_000],
    ['4h', 14_400_000],
    ['3d', 259_200_000],
  ])('reads %s as %d milliseconds', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', '10', 'm', '-1s', '1.5h', '1h30m', '10 m', '10M', '1constructor', '9999999999s'])(
    'does not read %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});
