import { inject, Injectable, signal } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { filter, firstValueFrom } from 'rxjs';
import { Api } from '../api/generated/api';
import { getLiveness } from '../api/generated/fn/operations/get-liveness';

const RETRY_MS = 2000;

/** Whether the server answers. While it does not, asks again by itself until it does. */
@Injectable({ providedIn: 'root' })
export class Connection {
  private readonly api = inject(Api);
  private readonly current = signal<'live' | 'lost'>('live');
  private readonly changes = toObservable(this.current);
  private timer: ReturnType<typeof setTimeout> | null = null;

  readonly state = this.current.asReadonly();
  /** Rises every time the server is back: what depends on it loads again. */
  readonly restored = signal(0);

  reportLost(): void {
    this.current.set('lost');
    this.timer ??= setTimeout(() => {
      this.probe();
    }, RETRY_MS);
  }

  reportAnswer(): void {
    if (this.current() === 'live') return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.current.set('live');
    this.restored.update((times) => times + 1);
  }

  /** Asks now, not only at the next turn. */
  probe(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    // The interceptor reads the answer, or the lack of one, and plans the next turn.
    this.api.invoke(getLiveness).subscribe({ error: () => undefined });
  }

  async whenRestored(): Promise<void> {
    await firstValueFrom(this.changes.pipe(filter((state) => state === 'live')));
  }
}
