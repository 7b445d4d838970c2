const FACTOR = 3;
const LONGEST_MS = 6 * 3_600_000;

/**
 * How long to wait after a try that failed: `firstMs` after the first one, three times as long after each further
 * one, up to six hours, and by chance between half of that and one and a half, so that receivers that come back
 * are not called by all at once.
 * @param tries so far, at least 1 @param random 0 ≤ x < 1 @returns milliseconds
 */
export function backOff(tries: number, firstMs: number, random: number): number {
  const wait = Math.min(firstMs * FACTOR ** (tries - 1), LONGEST_MS);
  return Math.round(wait * (0.5 + random));
}

/** The wait, or what the receiver asks for where that is longer; never more than six hours for it. */
export const atLeast = (waitMs: number, askedMs: number | null): number =>
  Math.max(waitMs, Math.min(askedMs ?? 0, LONGEST_MS));
