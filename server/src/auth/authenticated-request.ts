import type { Request } from 'express';
import type { ClientInfo } from './sessions.service.js';
import type { Principal } from './domain/principal.js';

/** A request after the guard: `principal` is set on every route that is not public. */
export type AuthenticatedRequest = Request & {
  principal?: Principal;
  /** What the answer amounts to as an HTTP status, where a redirect hides it. */
  outcome?: number;
  /** E-mail of the account that a public route was about, where who sent it is not proven. */
  about?: string;
  /** From where it came: a request of our own from where its caller did. */
  cameFrom?: ClientInfo;
  /** When it came. */
  receivedAt?: Date;
  /** Id under which the audit list knows that it has begun. */
  auditIntent?: string;
};
