import { DestroyRef, effect, inject, Injectable, untracked } from '@angular/core';
import { Connection } from '../shell/connection';

/** What can change under an open page. */
export type Topic =
  | { readonly kind: 'list' }
  | { readonly kind: 'totals' }
  | { readonly kind: 'run'; readonly runId: string }
  | { readonly kind: 'log'; readonly runId: string };

const INTERVAL_MS: Readonly<Record<Topic['kind'], number>> = {
  list: 5000,
  totals: 15_000,
  run: 2000,
  log: 1500,
};

/**
 * The one place that knows how the console learns of changes. It asks at an interval: not while the page is
 * hidden or the server is away, and at once when either is over.
 */
@Injectable({ providedIn: 'root' })
export class RunFeed {
  private readonly connection = inject(Connection);

  /**
   * Calls `changed` whenever the topic may have changed, until the calling component is gone; null pauses it.
   * Must be called in an injection context.
   */
  follow(topic: () => Topic | null, changed: () => void): void {
    effect((onCleanup) => {
      const current = topic();
      if (current === null) return;
      const tick = (): void => {
        if (!document.hidden && this.connection.state() === 'live') untracked(changed);
      };
      const timer = setInterval(tick, INTERVAL_MS[current.kind]);
      document.addEventListener('visibilitychange', tick);
      onCleanup(() => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', tick);
      });
    });
    this.whenRestored(changed);
  }

  private whenRestored(changed: () => void): void {
    const before = this.connection.restored();
    const watcher = effect(() => {
      if (this.connection.restored() > before) untracked(changed);
    });
    inject(DestroyRef).onDestroy(() => {
      watcher.destroy();
    });
  }
}
