import { DestroyRef, inject, Injectable, InjectionToken, signal } from '@angular/core';
import { AuthGateway } from '../auth/auth-gateway';

/** What a live event says: something happened to a run. */
export interface LiveEvent {
  readonly run_id: string;
  readonly type: string;
}

/** What hears of events; null: anything may have happened meanwhile. */
export type LiveListener = (event: LiveEvent | null) => void;

/** Opens a stream of server-sent events; null where the browser has none. */
export type OpenStream = (url: string) => EventSource | null;

export const OPEN_STREAM = new InjectionToken<OpenStream>('OPEN_STREAM', {
  providedIn: 'root',
  factory: () => (url) => (typeof EventSource === 'undefined' ? null : new EventSource(url)),
});

const REOPEN_MS = 3000;

/**
 * The one live stream of the console: all that happens to runs the user sees. It is open while somebody listens.
 * The browser resumes a broken stream where it was; a stream that was refused is opened anew, and its listeners
 * are told that anything may have happened.
 */
@Injectable({ providedIn: 'root' })
export class LiveEvents {
  private readonly open = inject(OPEN_STREAM);
  private readonly auth = inject(AuthGateway);
  private readonly listeners = new Set<LiveListener>();
  private readonly current = signal<'off' | 'live' | 'reconnecting'>('off');
  private stream: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  readonly state = this.current.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.close();
    });
  }

  /** Hears of events until the returned function is called. */
  listen(listener: LiveListener): () => void {
    this.listeners.add(listener);
    if (this.stream === null && this.timer === null) this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  }

  private connect(): void {
    this.timer = null;
    const stream = this.open('/events');
    if (stream === null) return;
    this.stream = stream;
    stream.onopen = () => {
      const again = this.current() === 'reconnecting';
      this.current.set('live');
      if (again) this.tell(null);
    };
    stream.onmessage = (message: MessageEvent<string>) => {
      this.tell(JSON.parse(message.data) as LiveEvent);
    };
    stream.onerror = () => {
      this.current.set('reconnecting');
      if (stream.readyState === EventSource.CLOSED) this.reopen();
    };
  }

  /** The session may have run out: asking who is signed in renews it, and shows whether the server is there at all. */
  private reopen(): void {
    this.stream?.close();
    this.stream = null;
    this.auth.me().subscribe({ error: () => undefined });
    this.timer = setTimeout(() => {
      this.connect();
    }, REOPEN_MS);
  }

  private close(): void {
    this.stream?.close();
    this.stream = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.current.set('off');
  }

  private tell(event: LiveEvent | null): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
