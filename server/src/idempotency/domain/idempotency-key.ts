import { DomainError } from '../../problems/domain-error.js';

/** Header of a request that must be executed once only. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

/** How long an answer is kept and given again. */
export const KEEP_HOURS = 24;

/** 1–255 printable ASCII characters. */
export const isIdempotencyKey = (text: string): boolean => /^[\x20-\x7e]{1,255}$/.test(text);

/** One execution of a request that has a key. */
export interface Claim {
  readonly userId: string;
  readonly key: string;
  /** Names this attempt to execute; a UUID. */
  readonly execution: string;
}

/** An answer as it was given. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is known under a key. */
export type KeyState =
  /** Nothing, or nothing that still counts: this execution holds the key now. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'in_progress'; readonly requestDigest: Buffer }
  | { readonly kind: 'answered'; readonly requestDigest: Buffer; readonly answer: RecordedAnswer };

/** Whether an answer is final: one of a failing server is not, and the request may be tried again. */
export const isFinal = (status: number): boolean => status < 500;

export const inProgress = (): DomainError =>
  new DomainError(
    409,
    'idempotency_in_progress',
    'The first request with this Idempotency-Key is still being executed.',
    { headers: { 'Retry-After': '2' } },
  );
