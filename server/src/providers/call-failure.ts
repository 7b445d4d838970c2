import { APICallError } from '@ai-sdk/provider';
import { systemErrorCode } from '../artifacts/system-error.js';
import { RefusedCall } from '../outbound/guarded-request.js';
import { retryAfter } from '../outbound/retry-after.js';

/** Why a model call gave no answer, and what that means for its money. */
export interface CallFailure {
  /**
   * `not_sent`: it never reached the provider. `refused`: the provider answered with an error before any content.
   * Both cost nothing. `unknown`: it was sent, and what it used is not known.
   */
  readonly outcome: 'not_sent' | 'refused' | 'unknown';
  /** HTTP status of a refusal. */
  readonly status: number | null;
  /** Whether the same call may be made again. */
  readonly retryable: boolean;
  /** What the provider asked to wait; null where it asked nothing. */
  readonly retryAfterMs: number | null;
  /** For a person; may hold what the provider said. */
  readonly message: string;
}

/** The call did not reach the server. */
const NOT_REACHED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
];
const MAX_MESSAGE = 500;
const OVERLOADED = 529;

/** What an error that a call threw before its first content means. */
export function callFailure(error: unknown): CallFailure {
  const refused = causes(error).find((cause) => cause instanceof RefusedCall);
  if (refused instanceof RefusedCall && refused.code !== 'response_too_large')
    return failure('not_sent', refused.message);
  const status = causes(error).find(hasStatus)?.statusCode ?? null;
  if (status !== null && status >= 300) return refusal(error, status);
  const code = causes(error)
    .map(systemErrorCode)
    .find((found) => found !== null && NOT_REACHED.includes(found));
  if (code !== undefined)
    return { ...failure('not_sent', `The provider cannot be reached: ${code ?? ''}`), retryable: true };
  return failure('unknown', messageOf(error));
}

/** A call that broke off after it was sent. */
export const interrupted = (message: string): CallFailure => failure('unknown', cut(message));

function refusal(error: unknown, status: number): CallFailure {
  const headers = causes(error).find(hasStatus)?.responseHeaders ?? {};
  return {
    outcome: 'refused',
    status,
    retryable: status === 429 || status === OVERLOADED || (status >= 500 && status !== 501),
    retryAfterMs: pauseAsked(headers),
    message: `The provider answered ${String(status)}: ${messageOf(error)}`,
  };
}

/** The header, or the milliseconds that some providers give. */
function pauseAsked(headers: Readonly<Record<string, string>>): number | null {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? ms : retryAfter(headers['retry-after']);
}

const hasStatus = (error: unknown): error is APICallError =>
  APICallError.isInstance(error) && error.statusCode !== undefined;

/** The error and what caused it, the outermost first. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let cause = error; isObject(cause) && found.length < 5; cause = cause['cause']) found.push(cause);
  return found;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const messageOf = (error: unknown): string => cut(error instanceof Error ? error.message : String(error));

const cut = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}]+/gu, ' ')
    .slice(0, MAX_MESSAGE)
    .trim();

const failure = (outcome: CallFailure['outcome'], message: string): CallFailure => ({
  outcome,
  status: null,
  retryable: false,
  retryAfterMs: null,
  message,
});
