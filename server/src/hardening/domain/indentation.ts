export type Indentation =
  { readonly style: 'tab' } | { readonly style: 'space'; readonly size: 2 | 3 | 4 | 8 };

/** What one file shows: how many lines start with a tab, and how often each step of spaces occurs. */
export interface FileIndentation {
  readonly tabLines: number;
  readonly spaceLines: number;
  /** Widths of steps to the right between neighbouring lines, in spaces, with their counts. */
  readonly steps: ReadonlyMap<number, number>;
}

const SIZES = [2, 3, 4, 8] as const;
const MIN_LINES = 10;
const MAJORITY = 0.9;

/** Measures the indentation of a text. Lines that are empty or continue a block comment (` *`) do not count. */
export function indentationOf(text: string): FileIndentation {
  const steps = new Map<number, number>();
  let tabLines = 0;
  let spaceLines = 0;
  let previous = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '' || /^\s+\*/u.test(line)) continue;
    const width = /^ */u.exec(line)?.[0].length ?? 0;
    if (line.startsWith('\t')) tabLines += 1;
    else if (width > 0) spaceLines += 1;
    const step = width - previous;
    if (step > 0 && !line.startsWith('\t')) steps.set(step, (steps.get(step) ?? 0) + 1);
    previous = width;
  }
  return { tabLines, spaceLines, steps };
}

/**
 * The indentation of which at least nine tenths of the indented lines (tab or space) and of the steps to the
 * right (size) are; null where the files disagree or have fewer than ten indented lines together.
 */
export function majorityIndentation(files: readonly FileIndentation[]): Indentation | null {
  const tabs = sum(files.map((file) => file.tabLines));
  const spaces = sum(files.map((file) => file.spaceLines));
  const all = tabs + spaces;
  if (all < MIN_LINES) return null;
  if (tabs / all >= MAJORITY) return { style: 'tab' };
  if (spaces / all < MAJORITY) return null;
  const count = (size: number): number => sum(files.map((file) => file.steps.get(size) ?? 0));
  const steps = sum(files.flatMap((file) => [...file.steps.values()]));
  const size = SIZES.find((candidate) => steps > 0 && count(candidate) / steps >= MAJORITY);
  return size === undefined ? null : { style: 'space', size };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
