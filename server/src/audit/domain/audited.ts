const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Routes that change nothing, or that only keep alive what another entry tells. */
const QUIET = new Set([
  'POST /profiles/validate',
  'POST /schedules/preview',
  'POST /runs/estimate',
  'POST /worker/steps/:id/heartbeat',
  'POST /worker/steps/:id/logs',
  'POST /mcp',
  'POST /auth/device',
]);
/** Sign-ins, whose address a browser opens. */
const SIGN_INS = new Set(['GET /auth/oidc/callback']);
/** Told only where they were refused or did something. */
const USUAL: ReadonlyMap<string, number> = new Map([
  ['POST /auth/refresh', 200],
  ['POST /worker/claim', 204],
  // A program asks every few seconds.
  ['POST /auth/device/token', 400],
]);

/** Whether a request is worth an entry by some outcome. */
export const mayBeAudited = (method: string, action: string): boolean =>
  SIGN_INS.has(action) || (CHANGING.has(method) && !QUIET.has(action));

/**
 * Whether a request is worth an entry: everything that changes something, and every refusal of it. `status` is null
 * where the outcome is not known.
 */
export const isAudited = (method: string, action: string, status: number | null): boolean =>
  mayBeAudited(method, action) && USUAL.get(action) !== status;
