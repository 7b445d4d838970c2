import type { RunSignals } from './run-signals.js';

/** A lost notification costs at most this long. */
const POLL_MS = 1000;

/** Waits for changes of one run; a change between two waits is not missed. */
export class RunWatch {
  private changed = false;
  private wake: (() => void) | null = null;
  private readonly unsubscribe: () => void;

  constructor(signals: RunSignals, runId: string) {
    this.unsubscribe = signals.subscribe(runId, () => {
      this.changed = true;
      this.wake?.();
    });
  }

  /** Resolves with the next change, or after `withinMs`, and now and then so that a lost notification is no loss. */
  async next(withinMs: number): Promise<void> {
    if (!this.changed) await this.pause(Math.min(withinMs, POLL_MS));
    this.changed = false;
  }

  stop(): void {
    this.unsubscribe();
    this.wake?.();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
