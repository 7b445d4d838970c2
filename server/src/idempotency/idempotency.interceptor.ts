import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
} from '@nestjs/common';
import type { Response } from 'express';
import { NEVER, Observable } from 'rxjs';
import type { AuthenticatedRequest } from '../auth/authenticated-request.js';
import { recordAnswer } from './answer-recorder.js';
import {
  IDEMPOTENCY_HEADER,
  isIdempotencyKey,
  type Claim,
  type RecordedAnswer,
} from './domain/idempotency-key.js';
import { Execution } from './once.js';
import { IdempotencyService } from './idempotency.service.js';
import { requestDigest } from './request-digest.js';
import { DomainError } from '../problems/domain-error.js';

/** Gives every POST of a known user its `Idempotency-Key`. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(private readonly idempotency: IdempotencyService) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const key = request.get(IDEMPOTENCY_HEADER);
    if (request.method !== 'POST' || key === undefined || request.principal === undefined)
      return next.handle();
    if (!isIdempotencyKey(key)) throw badKey();
    const beginning = await this.idempotency.begin(request.principal.userId, key, requestDigest(request));
    if (beginning.kind === 'replay') {
      replay(response, beginning.answer);
      // The answer is sent; nothing is to follow.
      return NEVER;
    }
    const execution = new Execution(beginning.claim);
    recordAnswer(response, (answer) => {
      execution.end();
      return this.keep(beginning.claim, answer);
    });
    return new Observable((answer) => execution.run(() => next.handle().subscribe(answer)));
  }

  private async keep(claim: Claim, answer: RecordedAnswer): Promise<void> {
    try {
      await this.idempotency.finish(claim, answer);
    } catch (error) {
      // The work is done, so its answer goes out; the key is freed when its lock runs out.
      this.logger.warn(`An answer was not kept: ${error instanceof Error ? error.message : 'unknown error'}`);
    }
  }
}

function replay(response: Response, answer: RecordedAnswer): void {
  response.status(answer.status).set({ ...answer.headers, 'Idempotency-Replayed': 'true' });
  response.end(answer.body);
}

const badKey = (): DomainError =>
  new DomainError(
    400,
    'invalid_idempotency_key',
    'The Idempotency-Key must be 1 to 255 printable characters.',
  );
