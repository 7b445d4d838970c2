/**
 * An expected failure that a caller can act on. One filter maps it to `application/problem+json`;
 * everything else that is thrown is a bug and answers 500 with an `error_id` only.
 */
export class DomainError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Stable and documented, in snake_case. */
    readonly code: string,
    /** A sentence for a person: what is wrong and what to do. */
    detail: string,
    readonly extra: ProblemExtra = {},
  ) {
    super(detail);
    this.name = 'DomainError';
  }
}

export interface ProblemExtra {
  readonly errors?: readonly FieldError[];
  readonly gates?: readonly unknown[];
  readonly failure?: unknown;
  /** For the second step of a sign-in. */
  readonly totpTicket?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FieldError {
  /** JSON pointer into the body, or the parameter's name behind `?`. */
  readonly pointer: string;
  readonly message: string;
}

export const notFound = (what: string, id: string): DomainError =>
  new DomainError(404, 'not_found', `${what} not found: ${id}`);

export const invalid = (detail: string, errors: readonly FieldError[] = []): DomainError =>
  new DomainError(400, 'invalid_request', detail, errors.length > 0 ? { errors } : {});

export const forbidden = (detail: string): DomainError => new DomainError(403, 'forbidden', detail);
