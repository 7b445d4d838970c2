import { setTimeout as pause } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { ApiClient, Request } from './api-client.js';
import { ApiProblem, Unreachable } from './cli-error.js';

type Streamed = 'listRunEvents' | 'readLogs';

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Called when the connection is lost and when it is there again. */
  readonly onConnection: (state: 'lost' | 'back') => void;
}

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;
/** So long a server may be away before the stream gives up. */
const PATIENCE_MS = 10 * 60_000;

/**
 * The server-sent events of an operation, each once and in order, over as many connections as it takes. Ends when
 * the signal is aborted.
 * @throws ApiProblem where the server refuses it; Unreachable where it stays away for ten minutes
 */
export async function* streamEvents<O extends Streamed>(
  api: ApiClient,
  operation: O,
  request: Request<O>,
  options: StreamOptions,
): AsyncGenerator<unknown, void> {
  const connection = new Connection(options);
  let lastId: string | null = null;
  while (!options.signal.aborted) {
    try {
      const headers: Record<string, string> = lastId === null ? {} : { 'Last-Event-ID': lastId };
      const { signal } = options;
      const response = await api.open(operation, request, { accept: 'text/event-stream', headers, signal });
      connection.established();
      for await (const { id, data } of messagesOf(response, signal)) {
        lastId = id ?? lastId;
        yield JSON.parse(data);
      }
      // The server ends a stream now and then, so that credentials are looked at again.
      await pause(FIRST_PAUSE_MS, undefined, { signal: options.signal });
    } catch (error) {
      await connection.lost(error);
    }
  }
}

/** How long there has been no server, and what that means. */
class Connection {
  private since: number | null = null;
  private pauseMs = FIRST_PAUSE_MS;

  constructor(private readonly options: StreamOptions) {}

  established(): void {
    if (this.since !== null) this.options.onConnection('back');
    this.since = null;
    this.pauseMs = FIRST_PAUSE_MS;
  }

  /** Waits before the next try. @throws what ends the stream */
  async lost(error: unknown): Promise<void> {
    if (this.options.signal.aborted) return;
    if (error instanceof ApiProblem && error.problem.status < 500) throw error;
    if (this.since === null) this.options.onConnection('lost');
    this.since ??= performance.now();
    if (performance.now() - this.since > PATIENCE_MS) {
      throw error instanceof Unreachable ? error : new Unreachable('the given URL', String(error));
    }
    await pause(this.pauseMs, undefined, { signal: this.options.signal }).catch(() => undefined);
    this.pauseMs = Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
  }
}

async function* messagesOf(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<{ readonly id?: string | undefined; readonly data: string }, void> {
  if (response.body === null) return;
  const messages = response.body
    .pipeThrough(new TextDecoderStream(), { signal })
    .pipeThrough(new EventSourceParserStream());
  for await (const message of messages) if (message.data !== '') yield message;
}
