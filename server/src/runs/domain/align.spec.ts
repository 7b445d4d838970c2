import { describe, expect, it } from '@jest/globals';
import { align } from './align.js';

const keys = (a: string, b: string): string[] =>
  align([...a], [...b], (item) => item).map((pair) => `${pair.a ?? '-'}${pair.b ?? '-'}`);

describe('two lists beside each other', () => {
  it.each([
    ['abc', 'abc', ['aa', 'bb', 'cc']],
    ['abc', 'ac', ['aa', 'b-', 'cc']],
    ['ac', 'abc', ['aa', '-b', 'cc']],
    ['b', 'ab', ['-a', 'bb']],
    ['ab', 'ba', ['aa', 'bb']],
    ['', 'xy', ['-x', '-y']],
    ['xy', '', ['x-', 'y-']],
  ])('%s and %s stand as %j', (a, b, expected) => {
    expect(keys(a, b)).toEqual(expected);
  });
});
