import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { AuthenticatedRequest } from '../auth/authenticated-request.js';
import { AuditLog } from './audit-log.js';
import { mayBeAudited } from './domain/audited.js';
import { actionOf, factOf } from './fact-of.js';

/** Notes what is about to be done before it is done: nothing is changed without a trace. */
@Injectable()
export class AuditIntentInterceptor implements NestInterceptor {
  constructor(private readonly log: AuditLog) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const action = actionOf(request);
    if (action !== null && mayBeAudited(request.method, action)) {
      const at = request.receivedAt ?? new Date();
      request.auditIntent = await this.log.begin(factOf(request, { at, action, status: null }));
    }
    return next.handle();
  }
}
