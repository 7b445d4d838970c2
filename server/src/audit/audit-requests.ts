import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Response } from 'express';
import type { AuthenticatedRequest } from '../auth/authenticated-request.js';
import { AuditLog } from './audit-log.js';
import { isAudited, mayBeAudited } from './domain/audited.js';
import { actionOf, factOf } from './fact-of.js';
import { InnerCalls } from './inner-calls.js';
import { holdAnswer } from './hold-answer.js';

/**
 * Notes every request that changes something, or that was refused to. The answer leaves when its entry is written:
 * whoever has the answer finds the entry, also where the process is killed the moment after.
 */
export function auditRequests(app: NestExpressApplication): void {
  const log = app.get(AuditLog);
  const inner = app.get(InnerCalls);
  app.use((request: AuthenticatedRequest, response: Response, next: NextFunction) => {
    request.receivedAt = new Date();
    request.cameFrom = inner.clientOf(request);
    if (!mayBeAudited(request.method, `${request.method} ${request.path}`)) {
      next();
      return;
    }
    let noted = false;
    const note = async (status: number | null): Promise<void> => {
      if (noted) return;
      noted = true;
      await noteOutcome(log, request, status);
    };
    holdAnswer(response, () => note(request.outcome ?? response.statusCode));
    // The caller may be gone before there is an answer.
    response.once('close', () => void note(response.headersSent ? response.statusCode : null));
    next();
  });
}

async function noteOutcome(
  log: AuditLog,
  request: AuthenticatedRequest,
  status: number | null,
): Promise<void> {
  const action = actionOf(request);
  if (action === null) return;
  const intent = request.auditIntent ?? null;
  if (isAudited(request.method, action, status)) {
    const at = request.receivedAt ?? new Date();
    const written = log.record(factOf(request, { at, action, status }), intent);
    // Where the database is away, whoever asked need not wait for it a second time.
    if (status === null || status < 500) await written;
  } else if (intent !== null) {
    void log.record(null, intent);
  }
}
