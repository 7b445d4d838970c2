import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { AccessTokens } from './access-tokens.js';
import { AccountCache } from './account-cache.js';
import { RefreshTokens } from './refresh-tokens.js';
import type { SessionEntity } from './session.entity.js';
import { SessionsRepository } from './sessions.repository.js';
import { UsersRepository } from './users.repository.js';
import { AppConfig } from '../config/app-config.js';
import { SecretCipher } from '../secrets/secret-cipher.js';
import { DomainError, notFound } from '../problems/domain-error.js';

/** A sign-in ends when it was not refreshed for this long. */
export const SESSION_IDLE_MS = 14 * 24 * 3_600_000;

/** From where somebody signs in; for the list of sign-ins. */
export interface ClientInfo {
  readonly userAgent: string | null;
  readonly address: string | null;
}

/** What a sign-out came to. */
export interface Closed {
  /** Whose sign-in has ended; null where none did. */
  readonly userId: string | null;
  /** The ID token of a sign-in by an identity provider. */
  readonly idToken: string | null;
}

/** What an identity provider gave at the sign-in. */
export interface ProviderProof {
  readonly idToken: string;
  /** Its `sid`; null where the provider tells none. */
  readonly providerSessionId: string | null;
}

export interface Tokens {
  /** Whose they are. */
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly users: UsersRepository,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly cache: AccountCache,
    private readonly cipher: SecretCipher,
    private readonly config: AppConfig,
  ) {}

  /** @param proof by which an identity provider signed the person in */
  async open(userId: string, client: ClientInfo, proof: ProviderProof | null = null): Promise<Tokens> {
    const now = new Date();
    const id = uuid();
    const session: SessionEntity = {
      id,
      userId,
      generation: 1,
      createdAt: now,
      rotatedAt: now,
      expiresAt: this.endOf(now, now),
      revokedAt: null,
      userAgent: client.userAgent?.slice(0, 300) ?? null,
      address: client.address,
      sealedIdToken: proof === null ? null : this.cipher.seal(proof.idToken, contextOf(id)),
      providerSessionId: proof?.providerSessionId ?? null,
    };
    await this.sessions.insert(session);
    return this.tokens(userId, id, 1, now);
  }

  /**
   * New tokens for the newest refresh token. An older one was copied by somebody: it ends the whole sign-in.
   * @throws DomainError 401 `refresh_invalid`
   */
  async refresh(refreshToken: string): Promise<Tokens> {
    const now = new Date();
    const claims = this.refreshTokens.read(refreshToken);
    const session = claims === null ? null : await this.sessions.byId(claims.sessionId);
    if (claims === null || session === null) throw refreshInvalid();
    const user = await this.users.byId(session.userId);
    if (user === null || user.disabledAt !== null) throw refreshInvalid();
    const expiresAt = this.endOf(session.createdAt, now);
    const isOver = expiresAt <= now;
    if (isOver || !(await this.sessions.rotate(session.id, claims.generation, now, expiresAt))) {
      await this.end(session.userId, session.id, now);
      throw refreshInvalid();
    }
    return this.tokens(session.userId, session.id, claims.generation + 1, now);
  }

  /** Ends the sign-ins that the credentials belong to; ones that are not good (any more) change nothing. */
  async close(refreshToken: string | null, accessToken: string | null): Promise<Closed> {
    const now = new Date();
    const refresh = refreshToken === null ? null : this.refreshTokens.read(refreshToken);
    const access = accessToken === null ? null : await this.accessTokens.verify(accessToken, now);
    let [userId, idToken]: [string | null, string | null] = [null, null];
    for (const sessionId of new Set([refresh?.sessionId, access?.sessionId])) {
      const session = sessionId === undefined ? null : await this.sessions.byId(sessionId);
      if (session === null) continue;
      await this.end(session.userId, session.id, now);
      userId = session.userId;
      if (session.sealedIdToken !== null) idToken = this.idTokenOf(session.id, session.sealedIdToken);
    }
    return { userId, idToken };
  }

  /** Whose sign-in a refresh token of ours is or was; null where it is none. */
  async ownerOf(refreshToken: string): Promise<string | null> {
    const claims = this.refreshTokens.read(refreshToken);
    return claims === null ? null : ((await this.sessions.byId(claims.sessionId))?.userId ?? null);
  }

  list(userId: string): Promise<SessionEntity[]> {
    return this.sessions.activeOf(userId, new Date());
  }

  /** @throws DomainError 404 where the user has no such live sign-in */
  async revoke(userId: string, sessionId: string): Promise<void> {
    if (!(await this.sessions.revokeOwn(userId, sessionId, new Date()))) throw notFound('Session', sessionId);
    this.cache.forget(userId);
  }

  /** Without use after 14 days, and in any case so long after its beginning as the settings say. */
  private endOf(createdAt: Date, now: Date): Date {
    return new Date(
      Math.min(now.getTime() + SESSION_IDLE_MS, createdAt.getTime() + this.config.limits.sessionMs),
    );
  }

  private async end(userId: string, sessionId: string, now: Date): Promise<void> {
    await this.sessions.revoke(sessionId, now);
    this.cache.forget(userId);
  }

  /** null where the key has changed since: then the provider asks the person. */
  private idTokenOf(sessionId: string, sealed: string): string | null {
    try {
      return this.cipher.open(sealed, contextOf(sessionId));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }

  private async tokens(userId: string, sessionId: string, generation: number, now: Date): Promise<Tokens> {
    return {
      userId,
      accessToken: await this.accessTokens.issue(userId, sessionId, now),
      refreshToken: this.refreshTokens.issue({ sessionId, generation }),
    };
  }
}

const contextOf = (sessionId: string): string => `session:${sessionId}`;

const refreshInvalid = (): DomainError =>
  new DomainError(401, 'refresh_invalid', 'This sign-in has ended; authentication is needed again.');
