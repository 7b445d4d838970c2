import { STATUS_CODES } from 'node:http';
import type { DomainError, FieldError } from './domain-error.js';

/** The body of an error answer (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly errors?: readonly FieldError[];
  readonly gates?: readonly unknown[];
  readonly failure?: unknown;
  readonly totp_ticket?: string;
  readonly error_id?: string;
}

/** @param instance the path that was asked for, without its query (a query may hold secrets) */
export function problemOf(error: DomainError, instance: string): Problem {
  const { errors, gates, failure, totpTicket } = error.extra;
  return {
    ...base(error.status, error.code, error.message, instance),
    ...(errors === undefined ? {} : { errors }),
    ...(gates === undefined ? {} : { gates }),
    ...(failure === undefined ? {} : { failure }),
    ...(totpTicket === undefined ? {} : { totp_ticket: totpTicket }),
  };
}

/** What a caller is told about a bug: an id that finds it in the log, and nothing else. */
export function unexpectedProblem(errorId: string, instance: string): Problem {
  const detail = 'Something went wrong here; the log has more under this error_id.';
  return { ...base(500, 'internal_error', detail, instance), error_id: errorId };
}

function base(status: number, code: string, detail: string, instance: string): Problem {
  return {
    type: `/problems/${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance,
    code,
  };
}
