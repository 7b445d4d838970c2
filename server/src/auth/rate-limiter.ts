import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { judgeRate, type RatePolicy, type RateState, type RateVerdict } from './domain/rate-limit.js';
import { RateCounts } from './rate-counts.js';

const FLUSH_MS = 100;

/** One caller's current minute, and within it the current second. */
interface Window {
  readonly minute: number;
  /** Of all processes, as the database last told; includes what this one has reported. */
  shared: number;
  /** Reported, not yet answered. */
  inFlight: number;
  pending: number;
  second: number;
  usedInSecond: number;
}

/**
 * Counts requests without making them wait: decided in memory, reported to the shared counts at once for a caller new
 * in this minute and otherwise every 100 ms, for all callers in one statement. The answer says what the other
 * processes have let through, so together they exceed a limit by at most what arrives within that time.
 */
@Injectable()
export class RateLimiter implements OnApplicationShutdown {
  private readonly logger = new Logger(RateLimiter.name);
  private readonly windows = new Map<string, Window>();
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();
  private sweptMinute = 0;
  private unreported = false;

  constructor(private readonly counts: RateCounts) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    await this.flushing;
    await this.counts.close();
  }

  /** Whether the newest report did not arrive; the limits then hold within this process. */
  get failing(): boolean {
    return this.unreported;
  }

  /** Counts a request, unless it is refused: refused ones cost nothing and are reported to nobody. */
  take(caller: string, policy: RatePolicy, nowMs: number): { state: RateState; verdict: RateVerdict } {
    const window = this.windowOf(caller, nowMs);
    const state = {
      usedInMinute: window.shared + window.inFlight + window.pending + 1,
      usedInSecond: window.usedInSecond + 1,
      resetSeconds: Math.ceil(60 - (nowMs / 1000 - window.minute * 60)),
    };
    const verdict = judgeRate(policy, state);
    if (verdict.kind === 'allowed') {
      window.pending += 1;
      window.usedInSecond += 1;
      this.schedule(window.shared === 0 ? 0 : FLUSH_MS);
    }
    return { state, verdict };
  }

  private windowOf(caller: string, nowMs: number): Window {
    const minute = Math.floor(nowMs / 60_000);
    const second = Math.floor(nowMs / 1000);
    if (minute !== this.sweptMinute) this.sweep(minute);
    let window = this.windows.get(caller);
    if (window?.minute !== minute) {
      window = { minute, shared: 0, inFlight: 0, pending: 0, second, usedInSecond: 0 };
      this.windows.set(caller, window);
    }
    if (window.second !== second) {
      window.second = second;
      window.usedInSecond = 0;
    }
    return window;
  }

  private schedule(delayMs: number): void {
    this.timer ??= setTimeout(() => {
      this.flushing = this.flush().finally(() => {
        this.timer = null;
        if ([...this.windows.values()].some(({ pending }) => pending > 0)) this.schedule(FLUSH_MS);
      });
    }, delayMs).unref();
  }

  private async flush(): Promise<void> {
    const reported = [...this.windows].filter(([, { pending }]) => pending > 0);
    for (const [, window] of reported) {
      window.inFlight = window.pending;
      window.pending = 0;
    }
    try {
      const consumed = reported.map(([key, { minute, inFlight }]) => ({ key, minute, used: inFlight }));
      const totals = await this.counts.add(consumed);
      const byKey = new Map(totals.map(({ key, used }) => [key, used]));
      this.unreported = false;
      for (const [key, window] of reported) window.shared = byKey.get(key) ?? window.shared + window.inFlight;
    } catch (error) {
      // Limits go on in this process alone; the count is reported with the next one.
      for (const [, window] of reported) window.pending += window.inFlight;
      if (!this.unreported) {
        this.logger.warn(
          `Request counts cannot be shared: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      }
      this.unreported = true;
    } finally {
      for (const [, window] of reported) window.inFlight = 0;
    }
  }

  /** Forgets the minutes that are over, here and in the shared counts. */
  private sweep(minute: number): void {
    this.sweptMinute = minute;
    for (const [key, window] of this.windows) if (window.minute < minute) this.windows.delete(key);
    this.counts.deleteBefore(minute - 1).catch((error: unknown) => {
      this.logger.warn(`Old request counts stay: ${error instanceof Error ? error.message : 'unknown'}`);
    });
  }
}
