import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../config/app-config.js';
import { ACCESS_COOKIE, cookieOf } from './cookies.js';
import { TrustedProxies } from './trusted-proxies.js';
import { DomainError } from '../problems/domain-error.js';

/** What a request offers as proof of who sends it. */
export type Credential =
  | { readonly kind: 'token' | 'session' | 'api_key'; readonly secret: string }
  | { readonly kind: 'trusted_header'; readonly externalId: string; readonly email: string };

/** Longer ones are nobody's and are not looked at. */
const MAX_SECRET_LENGTH = 4096;
/** Tokens of an identity provider list groups. */
const MAX_TOKEN_LENGTH = 12_288;
const MAX_HEADER_LENGTH = 254;
const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+$/;

/** Finds the one credential that counts: what the caller chose to send before what a browser sends by itself. */
@Injectable()
export class Credentials {
  constructor(
    private readonly config: AppConfig,
    private readonly proxies: TrustedProxies,
  ) {}

  /** @throws DomainError 401 where a credential is there and cannot be one */
  of(request: Request): Credential | null {
    return (
      fromAuthorization(request) ?? fromApiKey(request) ?? this.fromProxy(request) ?? fromCookie(request)
    );
  }

  private fromProxy(request: Request): Credential | null {
    if (!this.config.authTrustedHeaders || !this.proxies.sent(request)) return null;
    const externalId = request.get('x-user-id')?.trim() ?? '';
    const email = request.get('x-user-email')?.trim() ?? '';
    if (externalId === '' && email === '') return null;
    if (!isHeaderText(externalId) || !isHeaderText(email) || !EMAIL.test(email)) {
      throw refused('Authentication by headers needs X-User-Id and a valid X-User-Email');
    }
    return { kind: 'trusted_header', externalId, email };
  }
}

function fromAuthorization(request: Request): Credential | null {
  const header = request.get('authorization');
  if (header === undefined) return null;
  const [, secret] = /^Bearer +([^\s]+)$/i.exec(header) ?? [];
  if (secret === undefined || secret.length > MAX_TOKEN_LENGTH) {
    throw refused('The Authorization header must be "Bearer" and one token; authentication failed');
  }
  // An API key is taken here too: many clients can send nothing else.
  return { kind: secret.startsWith('orc_') ? 'api_key' : 'token', secret };
}

function fromApiKey(request: Request): Credential | null {
  const secret = request.get('x-api-key');
  if (secret === undefined) return null;
  if (secret.length > MAX_SECRET_LENGTH) throw refused('The API key is too long; authentication failed');
  return { kind: 'api_key', secret };
}

function fromCookie(request: Request): Credential | null {
  const secret = cookieOf(request, ACCESS_COOKIE);
  return secret === null || secret.length > MAX_SECRET_LENGTH ? null : { kind: 'session', secret };
}

const isHeaderText = (text: string): boolean => text.length > 0 && text.length <= MAX_HEADER_LENGTH;

/** 401 with the challenge that the specification asks for. */
export const refused = (sentence: string): DomainError =>
  new DomainError(401, 'authentication_required', `${sentence}.`, {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
