import type { Request } from 'express';
import type { AuthenticatedRequest } from '../auth/authenticated-request.js';
import type { AuditFact } from './chain.js';
import { tidy } from './domain/tidy.js';

/** Method and route; null where the path is no route of ours and did nothing. */
export function actionOf(request: Request): string | null {
  const route = (request as { route?: { path?: unknown } }).route?.path;
  return typeof route === 'string' ? `${request.method} ${route}` : null;
}

/** What the list tells of a request; `status` is null while its outcome is not known. */
export function factOf(
  request: AuthenticatedRequest,
  about: { readonly at: Date; readonly action: string; readonly status: number | null },
): AuditFact {
  const { principal } = request;
  return {
    ...about,
    actorId: principal?.userId ?? null,
    actorName: principal?.name ?? null,
    via: principal?.via ?? null,
    target: tidy(targetOf(request)),
    address: request.ip ?? null,
    userAgent: userAgentOf(request),
  };
}

/** Who tried to sign in is told by the address they gave; of other bodies nothing is kept. */
function targetOf({ originalUrl, body }: Request): string {
  const [path = ''] = originalUrl.split('?');
  const email: unknown =
    path === '/auth/login' ? (body as { email?: unknown } | undefined)?.email : undefined;
  return typeof email === 'string' ? `${path} ${email}` : path;
}

function userAgentOf(request: Request): string | null {
  const text = request.get('user-agent');
  return text === undefined ? null : tidy(text).slice(0, 300);
}
