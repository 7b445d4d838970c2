export type RowKind = 'same' | 'changed' | 'added' | 'removed' | 'gap';

/** One line of a comparison: what stood there before, and what stands there now. */
export interface DiffRow {
  readonly kind: RowKind;
  /** Number of the line before; null where there was none. */
  readonly before: number | null;
  readonly left: string;
  /** Number of the line now; null where there is none. */
  readonly after: number | null;
  readonly right: string;
}

export type FileChange = 'added' | 'removed' | 'renamed' | 'changed';

/** What happened to one file. */
export interface FileDiff {
  readonly name: string;
  readonly change: FileChange;
  /** Lines that came and went. */
  readonly added: number;
  readonly removed: number;
  readonly rows: readonly DiffRow[];
  /** What there is to say where no lines are shown; null where the lines speak. */
  readonly note: string | null;
}

/** A stretch of a unified diff. */
export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
}

/** The rows of a file: removed lines stand beside those that replace them, gaps between the stretches. */
export function rowsOf(hunks: readonly Hunk[]): DiffRow[] {
  return hunks.flatMap((hunk, index) => {
    const starts = index > 0 || hunk.oldStart > 1 || hunk.newStart > 1;
    return starts ? [gapBefore(hunk), ...hunkRows(hunk)] : hunkRows(hunk);
  });
}

const gapBefore = ({ oldStart, newStart }: Hunk): DiffRow => ({
  kind: 'gap',
  before: null,
  left: `from line ${String(oldStart)}`,
  after: null,
  right: `from line ${String(newStart)}`,
});

interface Place {
  before: number;
  after: number;
}

function hunkRows(hunk: Hunk): DiffRow[] {
  const place: Place = { before: hunk.oldStart, after: hunk.newStart };
  const rows: DiffRow[] = [];
  let gone: string[] = [];
  let come: string[] = [];
  const flush = (): void => {
    rows.push(...pairs(gone, come, place));
    [gone, come] = [[], []];
  };
  for (const line of hunk.lines) {
    const text = line.slice(1);
    if (line.startsWith('-')) {
      if (come.length > 0) flush();
      gone.push(text);
    } else if (line.startsWith('+')) come.push(text);
    else if (!line.startsWith('\\')) {
      flush();
      rows.push({ kind: 'same', before: place.before++, left: text, after: place.after++, right: text });
    }
  }
  flush();
  return rows;
}

function pairs(gone: readonly string[], come: readonly string[], place: Place): DiffRow[] {
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, index): DiffRow => {
    const [left, right] = [gone[index], come[index]];
    return {
      kind: left === undefined ? 'added' : right === undefined ? 'removed' : 'changed',
      before: left === undefined ? null : place.before++,
      left: left ?? '',
      after: right === undefined ? null : place.after++,
      right: right ?? '',
    };
  });
}

/** How many lines came and went. */
export function countLines(hunks: readonly Hunk[]): { added: number; removed: number } {
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  };
}
