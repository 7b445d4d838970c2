import { describe, expect, it } from '@jest/globals';
import { decodeLines } from './encoded-lines.js';
import { CHUNK_BYTES, LogKeeper, type KeptChunk } from './log-keeper.js';

const AT = new Date('2026-11-22T12:00:00Z');
const LIMIT = 1024 * 1024;

interface NumberedLine {
  readonly n: number;
  readonly text: string;
}

const numbered = (chunks: readonly KeptChunk[]): NumberedLine[] =>
  chunks.flatMap((chunk) =>
    decodeLines(chunk.text).map((line, index) => ({ n: chunk.firstLine + index, text: line.text })),
  );

describe('LogKeeper', () => {
  it('keeps a log within the limit whole and in order, with the stream of each line', () => {
    const keeper = new LogKeeper(LIMIT, 1);
    const chunks = [
      ...keeper.add('stdout', 'a\n\nb', AT),
      ...keeper.add('stderr', 'c', AT),
      ...keeper.finish(AT),
    ];
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ firstLine: 1, lineCount: 4, at: AT });
    expect(decodeLines(chunks[0]?.text ?? '')).toEqual([
      { stream: 'stdout', text: 'a' },
      { stream: 'stdout', text: '' },
      { stream: 'stdout', text: 'b' },
      { stream: 'stderr', text: 'c' },
    ]);
  });

  it('goes on numbering where an earlier holder stopped', () => {
    const keeper = new LogKeeper(LIMIT, 8);
    keeper.add('stdout', 'a\nb', AT);
    expect(numbered(keeper.finish(AT)).map((line) => line.n)).toEqual([8, 9]);
  });

  it('fills few chunks although two streams take turns', () => {
    const keeper = new LogKeeper(LIMIT, 1);
    let chunks = 0;
    for (let line = 0; line < 10_000; line++)
      chunks += keeper.add(line % 2 === 0 ? 'stdout' : 'stderr', 'x', AT).length;
    expect(chunks).toBe(0);
    expect(keeper.finish(AT)).toHaveLength(1);
  });

  it('keeps head and tail of a long log with a mark that counts exactly what is missing', () => {
    const keeper = new LogKeeper(LIMIT, 1);
    const total = 100_000;
    const stored: KeptChunk[] = [];
    for (let line = 1; line <= total; line++)
      stored.push(...keeper.add('stdout', `line ${String(line)} ${'x'.repeat(40)}`, AT));
    const lines = numbered([...stored, ...keeper.finish(AT)]);
    const texts = lines.map((line) => line.text);
    const written = texts.filter((text) => text.startsWith('line '));
    const mark = /\[(\d+) lines \((\d+) bytes\) were left out/u.exec(
      texts.find((text) => text.includes('left out')) ?? '',
    );
    const shown = new Set(written.map((text) => Number(text.split(' ')[1])));
    const missing = Array.from({ length: total }, (_, index) => index + 1).filter((line) => !shown.has(line));
    expect(Number(mark?.[1])).toBe(missing.length);
    expect(Number(mark?.[2])).toBe(
      missing.reduce((sum, line) => sum + `line ${String(line)} `.length + 41, 0),
    );
    expect(texts[0]).toContain('line 1 ');
    expect(texts.at(-1)).toContain(`line ${String(total)} `);
    expect(lines.map((line) => line.n)).toEqual([...lines.map((line) => line.n)].sort((a, b) => a - b));
    expect(new Set(lines.map((line) => line.n)).size).toBe(lines.length);
    const bytes = written.reduce((sum, text) => sum + text.length + 1, 0);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
    expect(bytes).toBeGreaterThan(LIMIT - 3 * CHUNK_BYTES);
  });

  it('says in the head that the rest comes later, and leaves no mark where nothing is missing', () => {
    const keeper = new LogKeeper(LIMIT, 1);
    const stored: KeptChunk[] = [];
    for (let line = 0; line < 12; line++)
      stored.push(...keeper.add('stdout', 'x'.repeat(CHUNK_BYTES - 10), AT));
    expect(numbered(stored).at(-1)?.text).toContain('it appears when the step ends');
    const rest = numbered(keeper.finish(AT)).map((line) => line.text);
    expect(rest).toHaveLength(12 - (stored.length - 1));
    expect(rest.join()).not.toContain('left out');
  });
});
