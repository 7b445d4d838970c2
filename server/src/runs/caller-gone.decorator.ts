import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '../problems/domain-error.js';

/** Aborts when the caller has closed the connection before the answer was sent: what is still read for it can stop. */
export const CallerGone = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const response = context.switchToHttp().getResponse<Response>();
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(callerGone());
  });
  return gone.signal;
});

/** Nobody reads it: it keeps the log and the metrics from counting a fault of ours. */
const callerGone = (): DomainError =>
  new DomainError(499, 'caller_gone', 'The caller closed the connection before the answer.');
