import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { AppConfig } from '../../config/app-config.js';
import { DomainError } from '../../problems/domain-error.js';
import { SecretCipher } from '../../secrets/secret-cipher.js';
import { cookieOf } from '../cookies.js';

const COOKIE = 'orchestrator_oidc';
const CONTEXT = 'oidc login';
const VALID_MS = 10 * 60_000;

/** What must come back unchanged with the answer of the provider. */
export interface LoginFlow {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Path of the console. */
  readonly returnTo: string;
}

/**
 * Keeps a sign-in that has begun in the browser that began it, sealed, for ten minutes. The cookie is `Lax`, since the
 * way back from the provider begins at another site.
 */
@Injectable()
export class LoginFlows {
  constructor(
    private readonly config: AppConfig,
    private readonly cipher: SecretCipher,
  ) {}

  keep(response: Response, flow: LoginFlow): void {
    const until = Date.now() + VALID_MS;
    const sealed = this.cipher.seal(JSON.stringify({ ...flow, until }), CONTEXT);
    response.cookie(COOKIE, sealed, { ...this.options(response), maxAge: VALID_MS });
  }

  /** Takes the sign-in that this browser began; null where there is none that is fresh. */
  take(request: Request, response: Response): LoginFlow | null {
    const sealed = cookieOf(request, COOKIE);
    if (sealed === null) return null;
    response.clearCookie(COOKIE, this.options(response));
    try {
      const flow = JSON.parse(this.cipher.open(sealed, CONTEXT)) as LoginFlow & { readonly until: number };
      return flow.until > Date.now() ? flow : null;
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private options(response: Response): CookieOptions {
    const secure = response.req.secure || (this.config.publicUrl?.startsWith('https:') ?? false);
    return { httpOnly: true, sameSite: 'lax', secure, path: '/auth/oidc' };
  }
}
