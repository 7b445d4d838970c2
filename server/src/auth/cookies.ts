import { Injectable } from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { AppConfig } from '../config/app-config.js';
import { ACCESS_TOKEN_SECONDS } from './access-tokens.js';
import { SESSION_IDLE_MS, type Tokens } from './sessions.service.js';

export const ACCESS_COOKIE = 'orchestrator_session';
export const REFRESH_COOKIE = 'orchestrator_refresh';

/** The value of a cookie that the parser found; null where there is none. */
export function cookieOf(request: Request, name: string): string | null {
  const value = (request.cookies as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The console's cookies: out of reach for scripts, never sent by other sites, over TLS only where there is TLS. */
@Injectable()
export class AuthCookies {
  constructor(private readonly config: AppConfig) {}

  set(response: Response, tokens: Tokens): void {
    const base = this.options(response);
    response.cookie(ACCESS_COOKIE, tokens.accessToken, {
      ...base,
      path: '/',
      maxAge: ACCESS_TOKEN_SECONDS * 1000,
    });
    response.cookie(REFRESH_COOKIE, tokens.refreshToken, { ...base, path: '/auth', maxAge: SESSION_IDLE_MS });
  }

  clear(response: Response): void {
    const base = this.options(response);
    response.clearCookie(ACCESS_COOKIE, { ...base, path: '/' });
    response.clearCookie(REFRESH_COOKIE, { ...base, path: '/auth' });
  }

  private options(response: Response): CookieOptions {
    const secure = response.req.secure || (this.config.publicUrl?.startsWith('https:') ?? false);
    return { httpOnly: true, sameSite: 'strict', secure };
  }
}
