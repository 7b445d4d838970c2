import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { DomainError, invalid } from './domain-error.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'authentication_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'timeout',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Codes of PostgreSQL and of sockets that mean "the database cannot be reached now", not "this query is wrong". */
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'],
  ...['57P01', '57P02', '57P03', '53300', '08000', '08003', '08006'],
]);
/** PostgreSQL's refusals of text that it cannot store. */
const UNSTORABLE_TEXT = new Set(['22021', '22P05']);

/** Reads a thrown value as an expected failure; `null` where it is a bug. */
export function toDomainError(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) return fromHttpException(error);
  if (!(error instanceof Error)) return null;
  return fromBodyParser(error) ?? fromDatabase(error);
}

function fromHttpException(error: HttpException): DomainError | null {
  const status = error.getStatus();
  if (status >= 500 && status !== 503) return null;
  const detail = error.message.startsWith('Cannot ')
    ? `There is nothing at ${error.message.slice('Cannot '.length)}.`
    : error.message;
  return new DomainError(status, CODES[status] ?? 'request_refused', detail);
}

/**
 * Reads an error of the body parsers or of the router; `null` for any other. They carry `type` or `status`, and
 * no class to tell them by; the framework drops both, so this is asked right behind the parsers.
 */
export function fromBodyParser(error: Error): DomainError | null {
  const { type, status, limit } = error as Error & { type?: unknown; status?: unknown; limit?: unknown };
  if (type === 'entity.parse.failed') {
    return new DomainError(400, 'malformed_json', `The body is not valid JSON: ${error.message}.`);
  }
  if (type === 'entity.too.large') {
    const most = typeof limit === 'number' ? `; at most ${String(limit)} bytes are accepted` : '';
    return new DomainError(413, 'too_large', `The body is too large${most}.`);
  }
  if (error instanceof URIError) return invalid('The address is not correctly percent-encoded.');
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  return new DomainError(status, CODES[status] ?? 'request_refused', `${STATUS_CODES[status] ?? 'Refused'}.`);
}

function fromDatabase(error: Error): DomainError | null {
  const code = databaseCode(error);
  if (code === null) return null;
  if (UNSTORABLE_TEXT.has(code)) return invalid('A text contains a character that cannot be stored (NUL).');
  if (!UNREACHABLE.has(code)) return null;
  const headers = { 'Retry-After': '5' };
  return new DomainError(503, 'database_unavailable', 'The database cannot be reached now; try again.', {
    headers,
  });
}

function databaseCode(error: Error): string | null {
  // TypeORM wraps the driver's error.
  const source = 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
  return 'code' in source && typeof source.code === 'string' ? source.code : null;
}
