import { HttpErrorResponse } from '@angular/common/http';

export interface ProblemFieldError {
  /** JSON pointer into the body, or the parameter's name behind `?`. */
  readonly pointer: string;
  readonly message: string;
}

/** A failed request in words: what the server said (RFC 9457), or why there was no answer. */
export interface Problem {
  /** HTTP status; 0 where the server did not answer. */
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly ProblemFieldError[];
  /** Found in the server's log; only on a 500. */
  readonly errorId: string | null;
}

const UNREACHABLE = 'The server does not answer. What you typed is kept; this is tried again by itself.';

/** Reads any error into a problem that can be shown to a person. */
export function toProblem(error: unknown): Problem {
  const cause = error instanceof Error && error.cause instanceof HttpErrorResponse ? error.cause : error;
  if (!(cause instanceof HttpErrorResponse)) {
    const detail = error instanceof Error ? error.message : 'Something unexpected happened in this page.';
    return { status: 0, code: 'console_error', detail, errors: [], errorId: null };
  }
  if (cause.status === 0) {
    return { status: 0, code: 'unreachable', detail: UNREACHABLE, errors: [], errorId: null };
  }
  const body = readBody(cause.error);
  return {
    status: cause.status,
    code: text(body['code']) ?? `http_${String(cause.status)}`,
    detail: text(body['detail']) ?? text(body['title']) ?? `The server answered ${String(cause.status)}.`,
    errors: readErrors(body['errors']),
    errorId: text(body['error_id']),
  };
}

/** The message for one field of the body, or null. */
export function fieldError(problem: Problem | null, pointer: string): string | null {
  return problem?.errors.find((error) => error.pointer === pointer)?.message ?? null;
}

function readBody(body: unknown): Record<string, unknown> {
  if (typeof body === 'string') {
    try {
      return readBody(JSON.parse(body));
    } catch {
      // Not JSON: a proxy's page, which says nothing that a person could use.
      return {};
    }
  }
  return isRecord(body) ? body : {};
}

function readErrors(errors: unknown): ProblemFieldError[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(isRecord).map((error) => ({
    pointer: text(error['pointer']) ?? '',
    message: text(error['message']) ?? '',
  }));
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether what was asked for does not exist, or not for who asks. */
export const isMissing = (error: unknown): boolean =>
  error !== undefined && error !== null && toProblem(error).status === 404;
