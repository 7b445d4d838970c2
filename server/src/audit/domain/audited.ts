const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Routes that change nothing, or that only keep alive what another entry tells. */
const QUIET = new Set([
  'POST /profiles/validate',
  'POST /schedules/preview',
  'POST /runs/estimate',
  'POST /worker/steps/:id/heartbeat',
  'POST /worker/steps/:id/logs',
  'POST /mcp',
]);
/** Told only where they were refused or did something. */
const USUAL: ReadonlyMap<string, number> = new Map([
  ['POST /auth/refresh', 200],
  ['POST /worker/claim', 204],
]);

/** Whether a request is worth an entry: everything that changes something, and every refusal of it. */
export function isAudited(method: string, action: string, status: number): boolean {
  return CHANGING.has(method) && !QUIET.has(action) && USUAL.get(action) !== status;
}
