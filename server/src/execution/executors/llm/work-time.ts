/** Longer timers of Node end at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A step's time limit, which stands still while the step waits for people: for a budget, or for a paused run. */
export class WorkTime {
  /** Aborted when the time is over, or with the step. */
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | null = null;
  private startedAt = 0;

  constructor(
    private leftMs: number,
    step: AbortSignal,
  ) {
    this.signal = AbortSignal.any([step, this.controller.signal]);
    this.go();
  }

  get isOver(): boolean {
    return this.controller.signal.aborted;
  }

  /** Milliseconds until the time is over. */
  get left(): number {
    return this.timer === null ? this.leftMs : this.leftMs - (performance.now() - this.startedAt);
  }

  go(): void {
    if (this.timer !== null || this.isOver) return;
    this.startedAt = performance.now();
    this.timer = setTimeout(
      () => this.controller.abort('timeout'),
      Math.min(Math.max(this.leftMs, 0), MAX_TIMER_MS),
    );
  }

  stand(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.leftMs -= performance.now() - this.startedAt;
    this.timer = null;
  }
}
