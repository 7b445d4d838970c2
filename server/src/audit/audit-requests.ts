import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { AuthenticatedRequest } from '../auth/authenticated-request.js';
import { AuditLog } from './audit-log.js';
import { isAudited } from './domain/audited.js';
import { tidy } from './domain/tidy.js';

/** Notes every request that changes something, or that was refused to, when it has been answered. */
export function auditRequests(app: NestExpressApplication): void {
  const log = app.get(AuditLog);
  app.use((request: Request, response: Response, next: NextFunction) => {
    const at = new Date();
    response.once('close', () => {
      note(log, request, response, at);
    });
    next();
  });
}

function note(log: AuditLog, request: AuthenticatedRequest, response: Response, at: Date): void {
  const route = (request as { route?: { path?: unknown } }).route?.path;
  // A path that is no route of ours did nothing.
  if (typeof route !== 'string') return;
  const action = `${request.method} ${route}`;
  const status = request.outcome ?? response.statusCode;
  if (!isAudited(request.method, action, status)) return;
  const { principal } = request;
  log.record({
    ...{ at, action, status },
    ...{
      actorId: principal?.userId ?? null,
      actorName: principal?.name ?? null,
      via: principal?.via ?? null,
    },
    target: tidy(targetOf(request)),
    address: request.ip ?? null,
    userAgent: userAgentOf(request),
  });
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
