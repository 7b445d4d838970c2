import { setTimeout as delay } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { RunEventDto } from '../../server/src/live/dto/run-event.dto.js';
import type { Caller } from './client.ts';

/** The server sends a comment every 15 s: a stream that is silent for longer is dead. */
const SILENCE_MS = 20_000;
const AGAIN_MS = 300;
/** With this event a run has ended for good. */
const LAST = new Set(['run.completed', 'run.cancelled']);

/** What a client that reads the events of one run as a stream has seen. */
export interface Watched {
  readonly runId: string;
  /** Numbers of the events, in the order they came. */
  readonly seen: number[];
  /** How often it had to connect again. */
  reconnects: number;
  /** Whether it saw the run's end. */
  ended: boolean;
}

/**
 * Reads the events of a run until its last one, over as many connections as it takes, each to whichever API process,
 * with the number of the last event that it has seen.
 */
export async function watchRun(caller: Caller, watched: Watched): Promise<void> {
  for (let first = true; !watched.ended; first = false) {
    if (!first) {
      watched.reconnects += 1;
      await delay(AGAIN_MS);
    }
    await readStream(caller, watched);
  }
}

async function readStream(caller: Caller, watched: Watched): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const last = watched.seen.at(-1);
    const response = await caller.open(
      `/runs/${watched.runId}/events`,
      { Accept: 'text/event-stream', ...(last === undefined ? {} : { 'Last-Event-ID': String(last) }) },
      silence.signal,
    );
    if (!response?.body) return;
    const heard = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        timer.refresh();
        controller.enqueue(chunk);
      },
    });
    const messages = response.body
      .pipeThrough(heard)
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .pipeThrough(new EventSourceParserStream());
    for await (const { data } of messages) {
      if (data !== '') take(watched, JSON.parse(data) as RunEventDto);
      if (watched.ended) return;
    }
  } catch {
    // The process was killed or frozen: that is what the harness is for.
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function take(watched: Watched, { seq, type }: RunEventDto): void {
  watched.seen.push(seq);
  watched.ended ||= LAST.has(type);
}

/** What a client missed, saw twice or saw in a wrong order. */
export const wronglySeen = (watched: readonly Watched[]): string[] =>
  watched.flatMap(({ runId, seen, ended }) => {
    const at = seen.findIndex((seq, index) => seq !== index + 1);
    if (at >= 0) return [`the stream of run ${runId} gave event ${seen[at]} where ${at + 1} was next`];
    return ended ? [] : [`the stream of run ${runId} did not come to its end: ${seen.length} events`];
  });
