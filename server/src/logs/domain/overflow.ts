import { encodeLines } from './encoded-lines.js';

/** A stored part of a try's log. */
export interface SizedChunk {
  readonly seq: number;
  readonly lineCount: number;
  readonly bytes: number;
  /** Stands for what was left out before. */
  readonly isMark: boolean;
}

/** Stored parts that are left out: a mark takes the place of the first. */
export interface Overflow {
  readonly first: number;
  readonly others: readonly number[];
  readonly lineCount: number;
  readonly text: string;
}

/** What is to be left out between the head and the tail of a log that passed its limit; null where nothing is. */
export function overflowOf(chunks: readonly SizedChunk[], limitBytes: number): Overflow | null {
  if (chunks.reduce((sum, { bytes }) => sum + bytes, 0) <= limitBytes) return null;
  const mark = chunks.findIndex(({ isMark }) => isMark);
  const from = fitting(mark < 0 ? chunks : chunks.slice(0, mark), limitBytes / 2);
  // What came last is kept, however large it is.
  const kept = Math.max(1, fitting(chunks.slice(from).reverse(), limitBytes / 2));
  const [first, ...others] = chunks.slice(from, chunks.length - kept);
  if (first === undefined || (first.isMark && others.length === 0)) return null;
  const lineCount = others.reduce((sum, chunk) => sum + chunk.lineCount, first.lineCount);
  const line = `[${String(lineCount)} lines were left out here: the log passed its limit.]`;
  return {
    ...{ first: first.seq, others: others.map(({ seq }) => seq), lineCount },
    text: encodeLines('system', line).text,
  };
}

/** How many of the first chunks fit into so many bytes. */
function fitting(chunks: readonly SizedChunk[], bytes: number): number {
  let left = bytes;
  const end = chunks.findIndex((chunk) => {
    left -= chunk.bytes;
    return left < 0;
  });
  return end < 0 ? chunks.length : end;
}
