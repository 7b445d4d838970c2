/** Injection token of the shared `pg` Pool: named statements on hot paths (claim, heartbeat, list). */
export const PG_POOL = Symbol('PG_POOL');
