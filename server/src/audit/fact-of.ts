import type { Request } from 'express';
import type { AuthenticatedRequest } from '../auth/authenticated-request.js';
import { clientOf } from '../auth/client-of.js';
import { publicPath } from '../observability/public-path.js';
import type { AuditFact } from './chain.js';
import { tidy } from './domain/tidy.js';

/** Method and route; null where the path is no route of ours and did nothing. */
export function actionOf(request: Request): string | null {
  const route = (request as { route?: { path?: unknown } }).route?.path;
  // What passes every middleware and meets no route bears the pattern of the last middleware.
  return typeof route === 'string' && route.startsWith('/') ? `${request.method} ${route}` : null;
}

/** What the list tells of a request; `status` is null while its outcome is not known. */
export function factOf(
  request: AuthenticatedRequest,
  about: { readonly at: Date; readonly action: string; readonly status: number | null },
): AuditFact {
  const { principal, cameFrom: client = clientOf(request) } = request;
  return {
    ...about,
    actorId: principal?.userId ?? null,
    actorName: principal?.name ?? null,
    via: principal?.via ?? null,
    target: tidy(targetOf(request)),
    address: client.address,
    userAgent: client.userAgent === null ? null : tidy(client.userAgent).slice(0, 300),
  };
}

/** Who tried to sign in is told by the address they gave; of other bodies nothing is kept. */
function targetOf({ originalUrl, body, about }: AuthenticatedRequest): string {
  const path = publicPath(originalUrl);
  const email: unknown =
    path === '/auth/login' ? (body as { email?: unknown } | undefined)?.email : undefined;
  const whom = typeof email === 'string' ? email : about;
  return whom === undefined ? path : `${path} ${whom}`;
}
