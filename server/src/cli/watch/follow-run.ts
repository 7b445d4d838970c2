import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../api/api-client.js';
import { Unreachable } from '../api/cli-error.js';
import { streamEvents } from '../api/event-stream.js';
import type { RunDetailDto } from '../api/generated/types.gen.js';

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Receives every event of the run, from the first. */
  readonly onEvent: (event: unknown) => void;
  readonly onConnection: (state: 'lost' | 'back') => void;
}

/** A run is read at most so often: a user has 100 requests a minute by default. */
const PACE_MS = 1000;
/** Read also without an event, should one have been lost on the way. */
const LOOK_MS = 15_000;

/**
 * The run as it is now and after every change, until the signal is aborted or the caller stops.
 * @throws ApiProblem where the server refuses it; Unreachable where it stays away
 */
export async function* followRun(
  api: ApiClient,
  runId: string,
  options: FollowOptions,
): AsyncGenerator<RunDetailDto, void> {
  const events = new AbortController();
  const signal = AbortSignal.any([options.signal, events.signal]);
  const news = new News();
  const pumped = pump(api, runId, { ...options, signal }, news);
  try {
    while (!signal.aborted) {
      const run = await readRun(api, runId, signal);
      if (run !== null) yield run;
      await pause(PACE_MS, undefined, { signal }).catch(() => undefined);
      await news.next(LOOK_MS, signal);
    }
  } finally {
    events.abort();
    await pumped;
  }
}

/** null where there is no server at the moment: the stream of events says when it is back. */
export async function readRun(
  api: ApiClient,
  runId: string,
  signal: AbortSignal,
): Promise<RunDetailDto | null> {
  try {
    return await api.call('getRun', { path: { run_id: runId } }, { signal });
  } catch (error) {
    if (signal.aborted || error instanceof Unreachable) return null;
    throw error;
  }
}

async function pump(api: ApiClient, runId: string, options: FollowOptions, news: News): Promise<void> {
  const onConnection = (state: 'lost' | 'back'): void => {
    options.onConnection(state);
    news.tell();
  };
  try {
    const request = { path: { run_id: runId } };
    for await (const event of streamEvents(api, 'listRunEvents', request, { ...options, onConnection })) {
      options.onEvent(event);
      news.tell();
    }
  } catch (error) {
    news.fail(error);
  }
}

/** Wakes the reader of a run, or ends it with an error. */
class News {
  private fresh = false;
  private error: { readonly reason: unknown } | null = null;
  private wake: () => void = () => undefined;

  tell(): void {
    this.fresh = true;
    this.wake();
  }

  fail(reason: unknown): void {
    this.error = { reason };
    this.wake();
  }

  async next(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.fresh && this.error === null) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      const done = new AbortController();
      const timer = pause(ms, undefined, { signal: AbortSignal.any([signal, done.signal]) });
      await Promise.race([woken, timer.catch(() => undefined)]);
      done.abort();
    }
    this.fresh = false;
    if (this.error !== null) throw this.error.reason;
  }
}
