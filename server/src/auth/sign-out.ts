import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { Callers } from './callers.js';
import { ACCESS_COOKIE, AuthCookies, cookieOf, REFRESH_COOKIE } from './cookies.js';
import { SessionsService } from './sessions.service.js';

/** Ends the sign-in of the cookies and of the Bearer token that a request brings. */
@Injectable()
export class SignOut {
  constructor(
    private readonly sessions: SessionsService,
    private readonly cookies: AuthCookies,
    private readonly callers: Callers,
  ) {}

  /** The ID token of the sign-in; null where there was none, or none by a provider. */
  async end(request: AuthenticatedRequest, response: Response): Promise<string | null> {
    const bearer = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const access = bearer ?? cookieOf(request, ACCESS_COOKIE);
    const { userId, idToken } = await this.sessions.close(cookieOf(request, REFRESH_COOKIE), access);
    if (userId !== null)
      await this.callers.proved(request, userId, bearer === undefined ? 'session' : 'token');
    this.cookies.clear(response);
    return idToken;
  }
}
