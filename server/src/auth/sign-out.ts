import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ACCESS_COOKIE, AuthCookies, cookieOf, REFRESH_COOKIE } from './cookies.js';
import { SessionsService } from './sessions.service.js';

/** Ends the sign-in of the cookies and of the Bearer token that a request brings. */
@Injectable()
export class SignOut {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookies: AuthCookies,
  ) {}

  /** The ID token of the sign-in; null where there was none, or none by a provider. */
  async end(request: Request, response: Response): Promise<string | null> {
    const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const access = bearer ?? cookieOf(request, ACCESS_COOKIE);
    const idToken = await this.sessions.close(cookieOf(request, REFRESH_COOKIE), access);
    this.cookies.clear(response);
    return idToken;
  }
}
