import type { Request, Response } from 'express';

export interface SseMessage {
  /** What `Last-Event-ID` brings back to go on behind this message. */
  readonly id: string;
  /** null: an unnamed message. */
  readonly event: string | null;
  readonly data: unknown;
}

/** What follows a position; `waiting`: some news may not be read yet, look again shortly. */
export interface SsePage {
  readonly messages: readonly SseMessage[];
  readonly waiting: boolean;
}

/** Reads what follows a position; the position lives in the source. */
export interface SseSource {
  /** The id to begin with where nothing was sent yet; null where the first message tells soon enough. */
  readonly start: string | null;
  /** A page without messages means that nothing is new; null that the stream is over. */
  next(): Promise<SsePage | null>;
  /** @returns ends the subscription */
  subscribe(wake: () => void): () => void;
}

export interface SseTimes {
  readonly pingMs: number;
  /** Looks for news without being woken: a lost notification costs at most this long. */
  readonly pollMs: number;
  /** Until news that may not be read yet are looked for again. */
  readonly againMs: number;
  /** The stream ends then; the client comes back with fresh credentials and loses nothing. */
  readonly lifeMs: number;
}

/** Ends a source once its reader may not read on. Asked when a page was read, so that none goes out that was read before. */
export const whileAllowed = (source: SseSource, mayRead: () => Promise<boolean>): SseSource => ({
  start: source.start,
  subscribe: (wake) => source.subscribe(wake),
  next: async () => {
    const page = await source.next();
    return (await mayRead()) ? page : null;
  },
});

export const SSE_TIMES: SseTimes = { pingMs: 15_000, pollMs: 5000, againMs: 100, lifeMs: 15 * 60_000 };

/**
 * One response of server-sent events. It reads only when the client has taken what was sent before, so that a
 * slow client costs one page of memory.
 */
export class SseStream {
  private readonly ended: Promise<void>;
  private end: () => void = () => undefined;
  private isEnded = false;
  private news = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly request: Request,
    private readonly response: Response,
    private readonly times: SseTimes = SSE_TIMES,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = () => {
        this.isEnded = true;
        this.wake();
        resolve();
      };
    });
  }

  /** Sends until the client leaves, `close` is called, or the stream's life is over. */
  async send(source: SseSource): Promise<void> {
    this.open(source.start);
    const timers = [
      setInterval(() => this.ping(), this.times.pingMs),
      setTimeout(this.end, this.times.lifeMs),
    ];
    const unsubscribe = source.subscribe(() => {
      this.news = true;
      this.wake();
    });
    try {
      while (!this.isEnded) await this.sendNext(source);
    } finally {
      unsubscribe();
      timers.forEach(clearTimeout);
      this.response.end();
    }
  }

  close(): void {
    this.end();
  }

  private open(start: string | null): void {
    this.response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
    this.response.flushHeaders();
    this.response.once('close', this.end);
    this.response.once('error', this.end);
    this.response.write(`retry: 1000\n${start === null ? '' : `id: ${start}\n`}\n`);
    if (this.response.destroyed || this.request.method === 'HEAD') this.end();
  }

  private async sendNext(source: SseSource): Promise<void> {
    this.news = false;
    const page = await source.next();
    if (page === null) {
      this.end();
      return;
    }
    const { messages, waiting } = page;
    for (const message of messages) await this.write(format(message));
    if (messages.length > 0 || this.isEnded) return;
    await this.untilNews(waiting ? this.times.againMs : this.times.pollMs);
  }

  private async write(text: string): Promise<void> {
    if (this.isEnded || this.response.write(text)) return;
    const drained = new Promise<void>((resolve) => this.response.once('drain', resolve));
    await Promise.race([drained, this.ended]);
  }

  private async untilNews(ms: number): Promise<void> {
    if (this.news) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }

  private ping(): void {
    if (!this.response.writableNeedDrain) this.response.write(': ping\n\n');
  }
}

const format = ({ id, event, data }: SseMessage): string =>
  `id: ${id}\n${event === null ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
