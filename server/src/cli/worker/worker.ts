import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../api/api-client.js';
import type { ClaimDto } from '../api/generated/types.gen.js';
import type { StepEnd } from './delivery.js';
import { leaseEnd, type Claimed } from './held-step.js';
import { runClaim, type StepCommand } from './run-claim.js';
import { isPassing } from './until-answered.js';

export interface WorkerOptions {
  readonly name: string;
  readonly labels: readonly string[];
  readonly kinds: NonNullable<ClaimDto['kinds']>;
  readonly command: StepCommand;
  /** Steps at a time. */
  readonly concurrency: number;
  /** Whether it ends after one step. */
  readonly once: boolean;
  readonly onClaim: (claimed: Claimed) => void;
  readonly onEnd: (claimed: Claimed, end: StepEnd) => void;
  readonly onConnection: (state: 'lost' | 'back') => void;
}

/** Seconds that the server keeps a claim waiting for a step. */
const LONG_POLL_SECONDS = 30;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;

/** Claims steps and does them, several at a time. */
export class Worker {
  /** Aborted when nothing more is to be claimed. */
  private readonly stopping = new AbortController();
  /** Aborted when what still runs is to be handed back. */
  private readonly shutdown = new AbortController();
  private isConnected = true;

  constructor(
    private readonly api: ApiClient,
    private readonly options: WorkerOptions,
  ) {}

  /** Works until it is stopped. @throws CliError where the server refuses it; what runs is finished first */
  async work(): Promise<void> {
    const loops = Array.from({ length: this.options.once ? 1 : this.options.concurrency }, () => this.loop());
    const ended = await Promise.allSettled(loops);
    for (const loop of ended) if (loop.status === 'rejected') throw loop.reason;
  }

  /** Claims nothing more; what still runs after the grace time is handed back. @param graceMs milliseconds */
  stop(graceMs: number): void {
    this.stopping.abort();
    if (graceMs <= 0) this.shutdown.abort();
    else setTimeout(() => this.shutdown.abort(), graceMs).unref();
  }

  private async loop(): Promise<void> {
    try {
      while (!this.stopping.signal.aborted) {
        const claimed = await this.claim();
        if (claimed === null) continue;
        this.options.onClaim(claimed);
        const end = await runClaim(this.api, claimed, this.options.command, this.shutdown.signal);
        this.options.onEnd(claimed, end);
        if (this.options.once) return;
      }
    } catch (error) {
      // Without credentials the other loops can do nothing either.
      this.stopping.abort();
      throw error;
    }
  }

  /** A step, or null where none came or the worker is stopped. @throws CliError where the server refuses it */
  private async claim(): Promise<Claimed | null> {
    for (let ms = FIRST_PAUSE_MS; ; ms = Math.min(ms * 2, LAST_PAUSE_MS)) {
      try {
        const claimed = await this.ask();
        this.connection('back');
        return claimed;
      } catch (error) {
        if (this.stopping.signal.aborted) return null;
        if (!isPassing(error)) throw error;
        this.connection('lost');
        await pause(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private async ask(): Promise<Claimed | null> {
    const { name, labels, kinds } = this.options;
    const body = { name, labels: [...labels], kinds, wait_seconds: LONG_POLL_SECONDS };
    const response = await this.api.open('claimStep', { body }, { signal: this.stopping.signal });
    if (response.status === 204) return null;
    const claim = await this.api.read<'claimStep'>(response);
    // The wait for a step is no part of the lease: it began when the server answered.
    return { claim, heldUntil: leaseEnd(claim.lease.expires_at, response, performance.now()) };
  }

  private connection(state: 'lost' | 'back'): void {
    const isConnected = state === 'back';
    if (isConnected !== this.isConnected) this.options.onConnection(state);
    this.isConnected = isConnected;
  }
}
