import type { FailureRecord } from './run-state.js';

/** What the state machine needs to know of how a try ended. */
export type StepOutcomeFacts =
  | {
      readonly kind: 'succeeded';
      readonly summary: string | null;
      readonly commit: string | null;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'failed' | 'lost';
      readonly failure: FailureRecord;
      readonly retryable: boolean;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'handed_back' }
  /** A service took the work and will tell how it ended, until then. */
  | { readonly kind: 'awaiting_callback'; readonly expiresAt: Date };
