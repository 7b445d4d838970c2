import type { PhaseStatus, RunDetailDto, RunStatus, RunSummaryDto } from '../api/generated/types.gen.js';
import type { Output } from './output.js';
import { plain } from './printable.js';

const SYMBOLS: Readonly<Record<PhaseStatus, string>> = {
  pending: '·',
  in_progress: '▸',
  awaiting_approval: '?',
  completed: '✓',
  failed: '✗',
  skipped: '-',
  cancelled: '×',
};

const STYLES = {
  pending: 'dim',
  running: 'cyan',
  in_progress: 'cyan',
  awaiting_approval: 'yellow',
  paused: 'yellow',
  completed: 'green',
  failed: 'red',
  skipped: 'dim',
  cancelled: 'dim',
} as const satisfies Record<PhaseStatus | RunStatus, string>;

/** The last characters of an id, by which the other commands find it too. */
export const shortId = (id: string): string => id.slice(-8);

export const status = (out: Output, name: PhaseStatus | RunStatus): string =>
  out.style(STYLES[name], name.replaceAll('_', ' '));

export const symbol = (out: Output, name: PhaseStatus): string => out.style(STYLES[name], SYMBOLS[name]);

/** What a run waits for; null where nothing can move it. */
export const waiting = (run: RunSummaryDto | RunDetailDto): string | null =>
  run.waiting_on === null ? null : `${run.waiting_on.kind}: ${plain(run.waiting_on.detail)}`;
