import Table from 'cli-table3';
import type { Output } from './output.js';

export type Cell = string | number;

const NO_LINES = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** Rows under a heading, in columns; numbers stand on the right. */
export function table(out: Output, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const first = rows[0] ?? [];
  const grid = new Table({
    head: head.map((title) => out.style('dim', title)),
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: head.map((_, index) => (typeof first[index] === 'number' ? 'right' : 'left')),
  });
  for (const row of rows) grid.push([...row]);
  return withoutTrailingSpace(grid.toString());
}

/** Names with their values. */
export function facts(out: Output, values: readonly (readonly [string, string | null])[]): string {
  const kept = values.filter((pair): pair is readonly [string, string] => pair[1] !== null);
  const width = Math.max(...kept.map(([name]) => name.length));
  return kept.map(([name, value]) => `${out.style('dim', name.padEnd(width))}  ${value}`).join('\n');
}

const withoutTrailingSpace = (text: string): string => text.replace(/[ \t]+$/gmu, '');
