/** Injection token of the shared `pg` Pool: named statements on hot paths (claim, heartbeat, list). */
export const PG_POOL = Symbol('PG_POOL');

/** How long an unused connection stays open, milliseconds: opening one costs far more than keeping it. */
export const IDLE_CONNECTION_MS = 60_000;
