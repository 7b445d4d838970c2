import { DestroyRef, inject, Injectable } from '@angular/core';
import { AuthGateway } from '../auth/auth-gateway';
import { LiveStream, OPEN_STREAM } from './live-stream';

/** What a live event says: something happened to a run. */
export interface LiveEvent {
  readonly run_id: string;
  readonly type: string;
}

/** What hears of events; null: anything may have happened meanwhile. */
export type LiveListener = (event: LiveEvent | null) => void;

/** The one live stream of all that happens to runs the user sees. It is open while somebody listens. */
@Injectable({ providedIn: 'root' })
export class LiveEvents {
  private readonly auth = inject(AuthGateway);
  private readonly listeners = new Set<LiveListener>();
  private readonly stream = new LiveStream(inject(OPEN_STREAM), {
    url: () => '/events',
    message: (data) => {
      this.tell(JSON.parse(data) as LiveEvent);
    },
    resumed: () => {
      this.tell(null);
    },
    // The session may have run out: asking who is signed in renews it, and shows whether the server is there at all.
    refused: () => {
      this.auth.me().subscribe({ error: () => undefined });
    },
  });

  readonly state = this.stream.state;

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      this.stream.stop();
    });
  }

  /** Hears of events until the returned function is called. */
  listen(listener: LiveListener): () => void {
    this.listeners.add(listener);
    this.stream.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stream.stop();
    };
  }

  private tell(event: LiveEvent | null): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
