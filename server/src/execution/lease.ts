import type { RunSignals } from '../live/run-signals.js';
import type { AbortReason } from './executors/outcome.js';
import type { Claim } from './claim.js';
import type { StepClaims } from './step-claims.js';

export interface LeaseTimes {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly graceMs: number;
}

/**
 * Keeps a claimed step's lease while it runs, and aborts the step when the lease is lost, the run is cancelled, or
 * this process stops and the step does not end within the grace time.
 */
export class Lease {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly unsubscribe: () => void;
  private grace: NodeJS.Timeout | null = null;
  private heldUntil: number;

  constructor(
    private readonly claims: StepClaims,
    signals: RunSignals,
    private readonly claim: Claim,
    private readonly times: LeaseTimes,
    private readonly stop: AbortSignal,
  ) {
    this.heldUntil = performance.now() + times.leaseMs;
    this.timer = setInterval(() => void this.beat(), times.heartbeatMs);
    // A cancelled step ends at once, not with the next heartbeat.
    this.unsubscribe = signals.subscribe(claim.runId, () => void this.check());
    if (stop.aborted) this.beginGrace();
    else stop.addEventListener('abort', this.beginGrace);
  }

  /**
   * The signal that ends the step. It is aborted at once where the lease's time is over, as it is for a process that
   * was stopped meanwhile and does not know yet who holds the step now.
   */
  checked(): AbortSignal {
    if (performance.now() > this.heldUntil) this.abort('lease_lost');
    return this.controller.signal;
  }

  release(): void {
    clearInterval(this.timer);
    if (this.grace !== null) clearTimeout(this.grace);
    this.stop.removeEventListener('abort', this.beginGrace);
    this.unsubscribe();
  }

  private readonly beginGrace = (): void => {
    this.grace = setTimeout(() => this.abort('shutdown'), this.times.graceMs);
  };

  private async beat(): Promise<void> {
    await this.ask(() => this.claims.heartbeat(this.claim), 'prolongs');
  }

  private async check(): Promise<void> {
    await this.ask(() => this.claims.holds(this.claim), 'looks');
  }

  private async ask(question: () => Promise<boolean>, kind: 'prolongs' | 'looks'): Promise<void> {
    const askedAt = performance.now();
    try {
      if (!(await question())) this.abort('cancelled');
      else if (kind === 'prolongs') this.heldUntil = askedAt + this.times.leaseMs;
    } catch {
      // The database cannot be asked: the lease runs on until its time, then somebody else may hold the step.
      if (performance.now() > this.heldUntil) this.abort('lease_lost');
    }
  }

  private abort(reason: AbortReason): void {
    if (!this.controller.signal.aborted) this.controller.abort(reason);
  }
}
