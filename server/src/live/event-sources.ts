import type { RunEventEntity } from '../runs/run-event.entity.js';
import { toRunEvent } from './run-event.mapper.js';
import type { GlobalCursor, GlobalEvent, RunEventsRepository } from './run-events.repository.js';
import type { RunSignals } from './run-signals.js';
import type { SseMessage, SseSource } from './sse-stream.js';

const PAGE = 200;

/** The events of one run behind a sequence. */
export function runEventSource(
  runId: string,
  after: number,
  events: RunEventsRepository,
  signals: RunSignals,
): SseSource {
  let seq = after;
  return {
    start: null,
    subscribe: (wake) => signals.subscribe(runId, wake),
    async next() {
      const rows = await events.after(runId, seq, PAGE);
      seq = rows.at(-1)?.seq ?? seq;
      return { messages: rows.map(toMessage), waiting: false };
    },
  };
}

const toMessage = (event: RunEventEntity): SseMessage => ({
  id: String(event.seq),
  event: null,
  data: toRunEvent(event),
});

/**
 * The events of every run that the reader may see, without their data.
 * @param seesAll asked for each page, since roles and sign-ins end; null: they see nothing any more
 */
export function allEventsSource(
  after: GlobalCursor,
  readerId: string,
  seesAll: () => Promise<boolean | null>,
  events: RunEventsRepository,
  signals: RunSignals,
): SseSource {
  let cursor = after;
  const isTheirs = ({ ownerId, shared }: GlobalEvent): boolean => shared || ownerId === readerId;
  return {
    start: formatCursor(after),
    subscribe: (wake) => signals.subscribeToAll(wake),
    async next() {
      const messages: SseMessage[] = [];
      for (;;) {
        const page = await events.afterGlobal(cursor, readerId, PAGE);
        const all = await seesAll();
        if (all === null) return null;
        cursor = page.events.at(-1)?.cursor ?? cursor;
        messages.push(...page.events.filter((event) => all || isTheirs(event)).map(toSummary));
        // Pages that hold nothing for this caller are passed over at once.
        if (messages.length > 0 || page.events.length === 0) return { messages, waiting: page.waiting };
      }
    },
  };
}

const toSummary = (event: GlobalEvent): SseMessage => ({
  id: formatCursor(event.cursor),
  event: null,
  data: {
    run_id: event.runId,
    type: event.type,
    seq: event.seq,
    at: event.at.toISOString(),
    phase: event.phase,
  },
});

export const formatCursor = (cursor: GlobalCursor): string => `${cursor.tx}.${cursor.globalId}`;

/** Reads a `Last-Event-ID` of the list; null for anything else. */
export function parseCursor(text: string | undefined): GlobalCursor | null {
  const match = /^(\d{1,18})\.(\d{1,18})$/u.exec(text ?? '');
  return match === null ? null : { tx: match[1] ?? '0', globalId: match[2] ?? '0' };
}
