import type { AbortReason } from '../../execution/executors/outcome.js';
import type { ApiClient } from '../api/api-client.js';
import type { ClaimAnswerDto, LeaseExpiryDto } from '../api/generated/types.gen.js';
import { isPassing } from './until-answered.js';

/** A claim, and until when it certainly holds, by this process's own clock. */
export interface Claimed {
  readonly claim: ClaimAnswerDto;
  readonly heldUntil: number;
}

/** When a lease that was asked for at `askedAt` ends, on the clock of `performance.now()`. */
export function leaseEnd(expiresAt: string, response: Response, askedAt: number): number {
  // Both times are the server's, so that clocks may differ.
  const answered = Date.parse(response.headers.get('date') ?? '');
  const ms = Date.parse(expiresAt) - (Number.isNaN(answered) ? Date.now() : answered);
  return askedAt + Math.max(0, ms);
}

/** Keeps the lease of a step until it is released or lost. */
export class HeldStep {
  private readonly losing = new AbortController();
  private readonly ending = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private heldUntil: number;

  constructor(
    private readonly api: ApiClient,
    private readonly claimed: Claimed,
  ) {
    this.heldUntil = claimed.heldUntil;
    const ms = claimed.claim.lease.heartbeat_seconds * 1000;
    this.timer = setInterval(() => void this.beat(ms), ms);
  }

  /** Aborted when the step is no longer ours. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /** Aborted when the step is to end before its time: it is lost, or handed back. */
  get ended(): AbortSignal {
    return this.ending.signal;
  }

  /** Ends the step, which stays ours until its last word is said. */
  handBack(): void {
    this.end('shutdown');
  }

  release(): void {
    clearInterval(this.timer);
  }

  private lose(): void {
    this.end('lease_lost');
    this.losing.abort();
  }

  private end(reason: AbortReason): void {
    if (!this.ended.aborted) this.ending.abort(reason);
  }

  private async beat(patienceMs: number): Promise<void> {
    const { lease, step } = this.claimed.claim;
    const askedAt = performance.now();
    try {
      const request = { path: { id: step.id }, body: { lease_token: lease.token } };
      const response = await this.api.open('heartbeatStep', request, {
        signal: AbortSignal.any([this.lost, AbortSignal.timeout(patienceMs)]),
      });
      const { expires_at: expiresAt }: LeaseExpiryDto = await this.api.read<'heartbeatStep'>(response);
      this.heldUntil = leaseEnd(expiresAt, response, askedAt);
    } catch (error) {
      // A server that is away takes the step from nobody until the lease has run out; then another worker may have it.
      const refused = !isPassing(error) && !isTimeout(error);
      if (refused || performance.now() > this.heldUntil) this.lose();
    }
  }
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
