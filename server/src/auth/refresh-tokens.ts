import { Injectable } from '@nestjs/common';
import { AuthKeys } from './auth-keys.js';

export interface RefreshClaims {
  readonly sessionId: string;
  /** Rises by one with each rotation. */
  readonly generation: number;
}

const FORM = /^([0-9a-f-]{36})\.(\d{1,9})\.([A-Za-z0-9_-]{43})$/;

/** Refresh tokens: which sign-in, which generation, and a keyed hash over both; none is stored. */
@Injectable()
export class RefreshTokens {
  constructor(private readonly keys: AuthKeys) {}

  issue(claims: RefreshClaims): string {
    const text = `${claims.sessionId}.${claims.generation}`;
    return `${text}.${this.keys.mac('refresh-token', text).toString('base64url')}`;
  }

  /** null where we did not issue it. */
  read(token: string): RefreshClaims | null {
    const [, sessionId, generation, mac] = FORM.exec(token) ?? [];
    if (sessionId === undefined || generation === undefined || mac === undefined) return null;
    const genuine = this.keys.macMatches(
      'refresh-token',
      `${sessionId}.${generation}`,
      Buffer.from(mac, 'base64url'),
    );
    return genuine ? { sessionId, generation: Number(generation) } : null;
  }
}
