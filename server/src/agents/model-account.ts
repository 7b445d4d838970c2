import type { TokenCounts } from './domain/price.js';
import type { UsagePlace } from './usage.repository.js';

/** A model call that is about to be made. */
export interface PlannedCall {
  readonly place: UsagePlace;
  readonly provider: string;
  readonly model: string;
  /** The most that the call can use: all of its request as input, its output limit as output. */
  readonly worstCase: TokenCounts;
}

export type Grant =
  | { readonly kind: 'granted'; readonly callId: string }
  /** A budget stands in the way; `message` names it, what is left of it and what would move the run. */
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Every call to a model goes through it: nothing is called that a budget could not pay for, and what was called is a row
 * of the ledger.
 */
export abstract class ModelAccount {
  /** Reserves the worst case of a call in every budget that it counts for, all or none. */
  abstract reserve(call: PlannedCall): Promise<Grant>;

  /** Replaces the reservation by what was used. Settling twice counts once. */
  abstract settle(callId: string, used: TokenCounts): Promise<void>;

  /** The provider refused the call, or it was never sent: it costs nothing. */
  abstract release(callId: string): Promise<void>;
}
