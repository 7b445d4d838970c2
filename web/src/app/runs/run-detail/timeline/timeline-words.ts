import { formatDuration } from '../../../shared/format/duration';
import { statusLook } from '../../../shared/status/status-look';
import type { Span, TimelineRow } from './timeline-rows';

const DAY_MS = 86_400_000;

/** A moment to the tenth of a second, in this browser's time zone. */
export function exactMoment(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 1,
  });
}

/** The label of a tick: the clock, and the day where the axis is longer than one. */
export function tickLabel(at: number, length: number): string {
  const date = new Date(at);
  if (length > 7 * DAY_MS) return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
  const clock = date.toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(length < 600_000 ? { second: '2-digit' } : {}),
  });
  if (length <= DAY_MS) return clock;
  return `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })} ${clock}`;
}

const VERBS: Readonly<Record<Span['kind'], string>> = {
  attempt: 'lasted',
  worked: 'worked',
  waited: 'waited',
};

/** One bar with its exact times. */
export function spanWords(row: TimelineRow, span: Span): string {
  const end = span.open ? 'goes on' : `to ${exactMoment(span.to)}`;
  const seconds = formatDuration((span.to - span.from) / 1000);
  return [
    `${row.label}, attempt ${String(span.attempt)}: ${statusLook(span.status).label.toLowerCase()}${span.superseded ? ', superseded' : ''}`,
    `${VERBS[span.kind]} ${seconds}`,
    `${exactMoment(span.from)} ${end}`,
  ].join('\n');
}

/** Everything that a row shows, for those who do not see the bars. */
export function rowWords(row: TimelineRow): string {
  if (row.spans.length === 0) return `${row.label}: ${statusLook(row.status).label.toLowerCase()}`;
  return row.spans.map((span) => spanWords(row, span)).join('\n');
}
