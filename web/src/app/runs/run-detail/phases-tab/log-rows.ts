import type { LogLine } from '../../run-models';
import { ansiParts } from './ansi-text';

/** A row of the log: a line, or where lines are wrapped a part of one. */
export interface LogRow extends LogLine {
  /** First and last-but-one character that is shown; absent: the whole line. */
  readonly from?: number;
  readonly to?: number;
}

/** The lines that contain the words, by their place in the log. */
export function matchingLines(lines: readonly LogLine[], words: string): readonly number[] {
  const wanted = words.toLowerCase();
  if (wanted === '') return [];
  const found: number[] = [];
  lines.forEach(({ text }, index) => {
    if (text.toLowerCase().includes(wanted)) found.push(index);
  });
  return found;
}

/** Cuts lines into rows of so many characters, so that rows keep one height. */
export function wrapLines(lines: readonly LogLine[], columns: number): readonly LogRow[] {
  return lines.flatMap((line) => {
    const length = visibleLength(line.text);
    if (length <= columns) return [line];
    return Array.from({ length: Math.ceil(length / columns) }, (_, index) => ({
      ...line,
      from: index * columns,
      to: (index + 1) * columns,
    }));
  });
}

/** A terminal's control sequences take no room. */
const visibleLength = (text: string): number =>
  text.includes('\u001b') || text.includes('\r')
    ? ansiParts(text).reduce((sum, part) => sum + part.text.length, 0)
    : text.length;
