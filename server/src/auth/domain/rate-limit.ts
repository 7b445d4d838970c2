import type { Via } from './principal.js';

/** Requests a user, or all unknown callers of an address, may make in a minute and within one second; null: no limit of that kind. */
export interface RatePolicy {
  readonly name: 'token' | 'session' | 'address';
  readonly perMinute: number | null;
  readonly burst: number | null;
}

export const DEFAULT_PER_MINUTE = 100;
export const DEFAULT_BURST = 20;
/** A person in the console makes more, smaller requests than a program does. */
export const SESSION_FACTOR = 6;

/**
 * The policy for a kind of credential. `perMinute` and `burst` are the operator's settings for tokens and
 * API keys: null takes the default, 0 switches the limit off.
 */
export function ratePolicy(via: Via, perMinute: number | null, burst: number | null): RatePolicy {
  const name = via === 'session' ? 'session' : 'token';
  const minute = perMinute ?? DEFAULT_PER_MINUTE;
  const second = burst ?? DEFAULT_BURST;
  return {
    name,
    perMinute: minute === 0 ? null : name === 'session' ? minute * SESSION_FACTOR : minute,
    burst: second === 0 ? null : second,
  };
}

/**
 * The policy for callers who are not known, by their address. Many people may share one, and sign in at the same moment,
 * so it is as wide as that of a session and has no burst.
 */
export const addressPolicy = (perMinute: number | null): RatePolicy => ({
  name: 'address',
  perMinute: perMinute === 0 ? null : (perMinute ?? DEFAULT_PER_MINUTE) * SESSION_FACTOR,
  burst: null,
});

/** The consumption after counting the present request; `resetSeconds` is until the minute's window ends. */
export interface RateState {
  readonly usedInMinute: number;
  readonly usedInSecond: number;
  readonly resetSeconds: number;
}

export type RateVerdict =
  { readonly kind: 'allowed' } | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** Whether the counted request may go on, and if not, after how many seconds to try again (at least 1). */
export function judgeRate(policy: RatePolicy, state: RateState): RateVerdict {
  if (policy.perMinute !== null && state.usedInMinute > policy.perMinute) {
    return { kind: 'limited', retryAfterSeconds: Math.max(1, state.resetSeconds) };
  }
  if (policy.burst !== null && state.usedInSecond > policy.burst)
    return { kind: 'limited', retryAfterSeconds: 1 };
  return { kind: 'allowed' };
}

/** The answer's headers, empty where no limit per minute applies. `X-RateLimit-Reset` is in seconds from now. */
export function rateHeaders(policy: RatePolicy, state: RateState): Record<string, string> {
  if (policy.perMinute === null) return {};
  const remaining = String(Math.max(0, policy.perMinute - state.usedInMinute));
  const reset = String(state.resetSeconds);
  const burst = policy.burst === null ? '' : `, "burst";q=${policy.burst};w=1`;
  return {
    'RateLimit-Policy': `"${policy.name}";q=${policy.perMinute};w=60${burst}`,
    RateLimit: `"${policy.name}";r=${remaining};t=${reset}`,
    'X-RateLimit-Limit': String(policy.perMinute),
    'X-RateLimit-Remaining': remaining,
    'X-RateLimit-Reset': reset,
  };
}
