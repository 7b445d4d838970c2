/** How long `next` waits for the phase, and what of the request's wish was followed. */
export interface Wait {
  readonly ms: number;
  /** For `Preference-Applied`; null where nothing was asked for, or nothing that is known. */
  readonly applied: string | null;
}

const DEFAULT_WAIT_MS = 30_000;
const LONGEST_WAIT_S = 60;

/**
 * Reads the `Prefer` header (RFC 7240): `wait=N` seconds, at most 60, or `respond-async`. What is not understood
 * is ignored, as the RFC asks.
 */
export function readPrefer(header: string | undefined): Wait {
  const wishes = (header ?? '').split(',').map((wish) => wish.trim().toLowerCase());
  if (wishes.includes('respond-async')) return { ms: 0, applied: 'respond-async' };
  const wait = wishes
    .map((wish) => /^wait\s*=\s*"?(\d{1,9})"?$/.exec(wish)?.[1])
    .find((found) => found !== undefined);
  if (wait === undefined) return { ms: DEFAULT_WAIT_MS, applied: null };
  const secondsWaited = Math.min(Number(wait), LONGEST_WAIT_S);
  return { ms: secondsWaited * 1000, applied: `wait=${String(secondsWaited)}` };
}
