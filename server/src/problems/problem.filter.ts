import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { v7 as uuid } from 'uuid';
import { problemOf, unexpectedProblem, type Problem } from './problem.js';
import { toDomainError } from './to-domain-error.js';

/** Answers every thrown value with `application/problem+json`; bugs are logged with an id that the answer carries. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const expected = toDomainError(error);
    const problem = expected === null ? this.unexpected(error, request) : problemOf(expected, request.path);
    if (response.headersSent) {
      // Half of the answer is on its way: an abrupt end is the only way to tell that it is not whole.
      response.destroy();
      return;
    }
    response.set(expected?.extra.headers ?? {});
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  private unexpected(error: unknown, request: Request): Problem {
    const errorId = uuid();
    this.logger.error({ err: error, error_id: errorId, method: request.method, path: request.path });
    return unexpectedProblem(errorId, request.path);
  }
}
