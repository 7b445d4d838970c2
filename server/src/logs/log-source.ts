import type { RunSignals } from '../live/run-signals.js';
import type { SseSource } from '../live/sse-stream.js';
import type { LogFilter } from './log-chunks.repository.js';
import { toLogLine } from './log-line.mapper.js';
import type { LogReader } from './log-reader.js';

/** Lines that one message brings at most. */
const LINES_PER_MESSAGE = 500;

/** A run's log behind a position; each message brings some lines and carries the last one's position. */
export function logSource(
  runId: string,
  filter: LogFilter,
  from: number,
  reader: LogReader,
  signals: RunSignals,
): SseSource {
  let after = from;
  return {
    start: null,
    subscribe: (wake) => signals.subscribeToLogs(runId, wake),
    async next() {
      const { lines } = await reader.page(runId, filter, after, LINES_PER_MESSAGE);
      const last = lines.at(-1);
      if (last === undefined) return { messages: [], waiting: false };
      after = last.position;
      const message = { id: String(after), event: null, data: { lines: lines.map(toLogLine) } };
      return { messages: [message], waiting: false };
    },
  };
}
