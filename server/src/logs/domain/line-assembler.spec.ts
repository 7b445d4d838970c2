import { describe, expect, it } from '@jest/globals';
import { LineAssembler } from './line-assembler.js';

function linesOf(pieces: readonly string[], maxLine = 20): string[] {
  const assembler = new LineAssembler(maxLine);
  const complete = pieces.map((piece) => assembler.push(piece)).filter((lines) => lines !== null);
  const last = assembler.end();
  return [...complete, ...(last === null ? [] : [last])].flatMap((lines) => lines.split('\n'));
}

describe('LineAssembler', () => {
  it('finds the same lines however the stream is cut', () => {
    const text = 'one\n\ntwo\r\nthree';
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(linesOf(pieces)).toEqual(['one', '', 'two', 'three']);
      }
    }
  });

  it('gives a line only once it is complete', () => {
    const assembler = new LineAssembler(20);
    expect(assembler.push('ab')).toBeNull();
    expect(assembler.push('c\nd')).toBe('abc');
    expect(assembler.end()).toBe('d');
    expect(assembler.end()).toBeNull();
  });

  it('keeps what a progress bar writes between carriage returns', () => {
    expect(linesOf(['10 %\r20 %\r\n'])).toEqual(['10 %\r20 %']);
  });

  it('cuts a long line and says how much is missing, whether it comes in one piece or many', () => {
    const expected = ['x'.repeat(20) + ' … [80 more characters of this line were left out]', 'next'];
    expect(linesOf([`${'x'.repeat(100)}\nnext`])).toEqual(expected);
    expect(linesOf([...Array.from({ length: 100 }, () => 'x'), '\nnext'])).toEqual(expected);
    expect(linesOf([`a\n${'x'.repeat(100)}\nnext\n`])).toEqual(['a', ...expected]);
  });

  it('keeps a line of exactly the limit', () => {
    expect(linesOf([`${'x'.repeat(20)}\n`])).toEqual(['x'.repeat(20)]);
  });

  it('does not cut a character in two', () => {
    const [line] = linesOf([`${'x'.repeat(19)}😀😀\n`]);
    expect(line).toMatch(/^x{19} … \[/u);
  });
});
