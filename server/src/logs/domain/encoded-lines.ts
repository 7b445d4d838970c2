import type { LogStream } from '../../execution/executors/executor.js';

const LETTER_OF = { stdout: 'o', stderr: 'e', system: 's' } as const satisfies Record<LogStream, string>;
const STREAM_OF: Readonly<Record<string, LogStream>> = { o: 'stdout', e: 'stderr', s: 'system' };

export interface EncodedLines {
  /** Lines joined by `\n`, each behind one letter that names its stream. */
  readonly text: string;
  readonly lineCount: number;
}

/** @param lines joined by `\n`, without a line break at the end */
export function encodeLines(stream: LogStream, lines: string): EncodedLines {
  const letter = LETTER_OF[stream];
  return { text: letter + lines.replaceAll('\n', `\n${letter}`), lineCount: countLines(lines) };
}

export interface DecodedLine {
  readonly stream: LogStream;
  readonly text: string;
}

/** The inverse of encodeLines, also for several of its results joined by `\n`. */
export const decodeLines = (text: string): DecodedLine[] =>
  text.split('\n').map((line) => ({ stream: STREAM_OF[line.slice(0, 1)] ?? 'system', text: line.slice(1) }));

function countLines(lines: string): number {
  let count = 1;
  for (let at = lines.indexOf('\n'); at >= 0; at = lines.indexOf('\n', at + 1)) count += 1;
  return count;
}
