/** Failures that cost nothing: people mistype. */
export interface DelayPolicy {
  readonly freeFailures: number;
  readonly maxDelayMs: number;
}

/** One account tried from one address. */
export const PAIR_POLICY: DelayPolicy = { freeFailures: 5, maxDelayMs: 15 * 60_000 };
/** One account tried from anywhere: looser, so that a stranger cannot easily keep its owner out. */
export const ACCOUNT_POLICY: DelayPolicy = { freeFailures: 50, maxDelayMs: 60_000 };
/** Any account tried from one address; many people may share one. */
export const ADDRESS_POLICY: DelayPolicy = { freeFailures: 100, maxDelayMs: 15 * 60_000 };

/**
 * Milliseconds to wait after the given number of failures in a row: none for the free ones, then one second,
 * doubling with each further failure up to the policy's maximum.
 */
export function delayAfter(failures: number, policy: DelayPolicy): number {
  const excess = failures - policy.freeFailures;
  if (excess < 0) return 0;
  return Math.min(1000 * 2 ** Math.min(excess, 30), policy.maxDelayMs);
}
