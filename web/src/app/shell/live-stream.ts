import { InjectionToken, signal } from '@angular/core';

/** Opens a stream of server-sent events; null where the browser has none. */
export type OpenStream = (url: string) => EventSource | null;

export const OPEN_STREAM = new InjectionToken<OpenStream>('OPEN_STREAM', {
  providedIn: 'root',
  factory: () => (url) => (typeof EventSource === 'undefined' ? null : new EventSource(url)),
});

export interface StreamListener {
  /** Where to listen; asked anew each time that the stream is opened. */
  readonly url: () => string;
  readonly message: (data: string) => void;
  /** The stream is open: what happened before, since something was last read, it does not tell. */
  readonly resumed: () => void;
  /** The server refused the stream; it is opened anew a little later. */
  readonly refused: () => void;
}

const REOPEN_MS = 3000;

/** A stream that the browser resumes where it broke, and that is opened anew where it was refused. */
export class LiveStream {
  private readonly current = signal<'off' | 'live' | 'reconnecting'>('off');
  private stream: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  readonly state = this.current.asReadonly();

  constructor(
    private readonly open: OpenStream,
    private readonly listener: StreamListener,
  ) {}

  /** Does nothing while it is open already. */
  start(): void {
    if (this.stream === null && this.timer === null) this.connect();
  }

  stop(): void {
    this.stream?.close();
    this.stream = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.current.set('off');
  }

  private connect(): void {
    this.timer = null;
    const stream = this.open(this.listener.url());
    if (stream === null) return;
    this.stream = stream;
    stream.onopen = () => {
      this.current.set('live');
      this.listener.resumed();
    };
    stream.onmessage = (message: MessageEvent<string>) => {
      this.listener.message(message.data);
    };
    stream.onerror = () => {
      this.current.set('reconnecting');
      if (stream.readyState === EventSource.CLOSED) this.reopen();
    };
  }

  private reopen(): void {
    this.stream?.close();
    this.stream = null;
    this.listener.refused();
    this.timer = setTimeout(() => {
      this.connect();
    }, REOPEN_MS);
  }
}
