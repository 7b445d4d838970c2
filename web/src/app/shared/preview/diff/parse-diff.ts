import { parsePatch, structuredPatch, type StructuredPatch } from 'diff';
import { countLines, type FileChange, type FileDiff, rowsOf } from './diff-rows';

/** Two texts that differ in everything take long to compare: beyond this it is given up, milliseconds. */
const PATIENCE_MS = 3000;
const CONTEXT_LINES = 3;

/** The files of a unified diff, or null where the text is none. */
export function parseDiff(text: string): readonly FileDiff[] | null {
  try {
    const files = parsePatch(text).filter((file) => file.oldFileName !== undefined || file.hunks.length > 0);
    return files.length === 0 ? null : files.map(toFile);
  } catch {
    // A broken patch is shown as text, which says more than an error would.
    return null;
  }
}

export type Comparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs'; readonly file: FileDiff }
  | { readonly kind: 'too-different' };

/** Compares two texts line by line. */
export function compareTexts(name: string, before: string, after: string): Comparison {
  if (before === after) return { kind: 'same' };
  const patch = structuredPatch(name, name, before, after, '', '', {
    context: CONTEXT_LINES,
    timeout: PATIENCE_MS,
  });
  return patch === undefined ? { kind: 'too-different' } : { kind: 'differs', file: toFile(patch) };
}

function toFile(patch: StructuredPatch): FileDiff {
  const change = changeOf(patch);
  return {
    name: nameOf(patch, change),
    change,
    ...countLines(patch.hunks),
    rows: rowsOf(patch.hunks),
    note: noteOf(patch, change),
  };
}

function changeOf(patch: StructuredPatch): FileChange {
  if (patch.isCreate === true || patch.oldFileName === '/dev/null') return 'added';
  if (patch.isDelete === true || patch.newFileName === '/dev/null') return 'removed';
  return patch.isRename === true ? 'renamed' : 'changed';
}

function nameOf(patch: StructuredPatch, change: FileChange): string {
  const [before, after] = [bare(patch.oldFileName), bare(patch.newFileName)];
  if (change === 'renamed') return `${before} → ${after}`;
  return change === 'removed' ? before : after;
}

const bare = (name: string | undefined): string => (name ?? 'a file').replace(/^[ab]\//, '');

function noteOf(patch: StructuredPatch, change: FileChange): string | null {
  if (patch.isBinary === true) return 'A binary file: its content is not shown.';
  if (patch.hunks.length > 0) return null;
  if (change === 'renamed') return 'Renamed without a change.';
  return change === 'changed' ? 'No line of it changed.' : 'An empty file.';
}
