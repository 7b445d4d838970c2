import { DestroyRef, effect, inject, Injectable, untracked } from '@angular/core';
import { Connection } from '../shell/connection';
import { LiveEvents, type LiveEvent } from '../shell/live-events';

/** What can change under an open page. */
export type Topic =
  | { readonly kind: 'list' }
  | { readonly kind: 'totals' }
  | { readonly kind: 'spent' }
  | { readonly kind: 'run'; readonly runId: string };

/** How long changes are collected before they are read: a busy run sends many events a second. */
const GATHER_MS: Readonly<Record<Topic['kind'], number>> = {
  list: 700,
  totals: 2500,
  spent: 15_000,
  run: 200,
};

/** The least time between two readings: a run that never rests is read once a second. */
const SPACING_MS: Readonly<Record<Topic['kind'], number>> = {
  list: 2000,
  totals: 5000,
  spent: 60_000,
  run: 1000,
};

/** How often it is asked while the stream is away. */
const INTERVAL_MS: Readonly<Record<Topic['kind'], number>> = {
  list: 5000,
  totals: 15_000,
  spent: 60_000,
  run: 2000,
};

/**
 * The one place that knows how the console learns of changes: from the live stream, and by asking at an interval
 * while that is away. Nothing is asked while the page is hidden or the server is away, and at once when either is
 * over.
 */
@Injectable({ providedIn: 'root' })
export class RunFeed {
  private readonly connection = inject(Connection);
  private readonly live = inject(LiveEvents);

  /**
   * Calls `changed` whenever the topic may have changed, until the calling component is gone; null pauses it.
   * Must be called in an injection context.
   */
  follow(topic: () => Topic | null, changed: () => void): void {
    effect((onCleanup) => {
      const current = topic();
      if (current === null) return;
      const gathered = gather(GATHER_MS[current.kind], SPACING_MS[current.kind], () => {
        if (!document.hidden && this.connection.state() === 'live') untracked(changed);
      });
      const ends = [
        untracked(() =>
          this.live.listen((event) => {
            if (concerns(current, event)) gathered.soon();
          }),
        ),
        this.askRegularly(current, gathered.now),
      ];
      document.addEventListener('visibilitychange', gathered.now);
      onCleanup(() => {
        document.removeEventListener('visibilitychange', gathered.now);
        gathered.cancel();
        for (const end of ends) end();
      });
    });
    this.whenRestored(changed);
  }

  private askRegularly({ kind }: Topic, ask: () => void): () => void {
    const timer = setInterval(() => {
      if (untracked(this.live.state) !== 'live') ask();
    }, INTERVAL_MS[kind]);
    return () => {
      clearInterval(timer);
    };
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

function concerns(topic: Topic, event: LiveEvent | null): boolean {
  switch (topic.kind) {
    case 'list':
    case 'totals':
    case 'spent':
      return true;
    case 'run':
      return event === null || event.run_id === topic.runId;
  }
}

/** Calls `work` once for all that came within `ms`, and not again within `spacing` unless it is told to at once. */
function gather(
  ms: number,
  spacing: number,
  work: () => void,
): { soon: () => void; now: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let worked = -Infinity;
  const cancel = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const now = (): void => {
    cancel();
    worked = performance.now();
    work();
  };
  const soon = (): void => {
    timer ??= setTimeout(now, Math.max(ms, worked + spacing - performance.now()));
  };
  return { soon, now, cancel };
}
