import { createSecretKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { AuthKeys } from './auth-keys.js';

const ISSUER = 'orchestrator';
const AUDIENCE = 'orchestrator-api';
const ALGORITHM = 'HS256';

export const ACCESS_TOKEN_SECONDS = 15 * 60;

export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

/** Short-lived signed tokens. They name a sign-in; role and state are read from the database. */
@Injectable()
export class AccessTokens {
  constructor(private readonly keys: AuthKeys) {}

  issue(userId: string, sessionId: string, now: Date): Promise<string> {
    const seconds = Math.floor(now.getTime() / 1000);
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ACCESS_TOKEN_SECONDS)
      .sign(this.key());
  }

  /** The claims of a token that is ours and still good; null for every other. */
  async verify(token: string, now: Date): Promise<AccessClaims | null> {
    try {
      const { payload } = await jwtVerify(token, this.key(), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: 'at+jwt',
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
        currentDate: now,
      });
      if (typeof payload.sub !== 'string' || typeof payload['sid'] !== 'string') return null;
      return {
        userId: payload.sub,
        sessionId: payload['sid'],
        expiresAt: new Date((payload.exp ?? 0) * 1000),
      };
    } catch (error) {
      // jose's own errors say what is wrong with the token; anything else is a bug.
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  private key(): ReturnType<typeof createSecretKey> {
    return createSecretKey(this.keys.keyFor('access-token'));
  }
}
