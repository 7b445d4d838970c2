import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../config/app-config.js';
import { AccessTokens } from './access-tokens.js';
import { AccountCache } from './account-cache.js';
import { AccountLookupRepository, type Account, type FoundAccount } from './account-lookup.repository.js';
import { AuthKeys } from './auth-keys.js';
import { type Credential, Credentials, refused } from './credentials.js';
import type { Principal } from './domain/principal.js';
import { owesSecondFactor } from './domain/second-factor-demand.js';
import { HeaderAccounts } from './header-accounts.js';
import { OidcTokens } from './oidc/oidc-tokens.js';
import { principalOf } from './principal-of.js';

type Found = { principal: Principal; goodUntil: number | null } | null;

/** Tells who sends a request. */
@Injectable()
export class Authenticator {
  constructor(
    private readonly credentials: Credentials,
    private readonly cache: AccountCache,
    private readonly lookup: AccountLookupRepository,
    private readonly accessTokens: AccessTokens,
    private readonly keys: AuthKeys,
    private readonly headerAccounts: HeaderAccounts,
    private readonly oidcTokens: OidcTokens,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError 401 where there is no credential or it is not good */
  async identify(request: Request): Promise<Principal> {
    const credential = this.credentials.of(request);
    if (credential === null) {
      throw refused('This needs authentication: sign in, or send a Bearer token or an X-API-Key');
    }
    const now = Date.now();
    const name = nameOf(credential);
    const known =
      this.cache.get(name, now) ?? (await this.cache.fill(name, now, () => this.find(credential, now)));
    if (known === null) throw refused('Authentication failed: the credential is unknown, expired or revoked');
    return known;
  }

  private find(credential: Credential, now: number): Promise<Found> {
    switch (credential.kind) {
      case 'api_key':
        return this.byKey(credential.secret);
      case 'trusted_header':
        return this.byHeaders(credential.externalId, credential.email);
      case 'token':
      case 'session':
        return this.byToken(credential.kind, credential.secret, now);
    }
  }

  private async byToken(via: 'token' | 'session', token: string, now: number): Promise<Found> {
    const claims = await this.accessTokens.verify(token, new Date(now));
    if (claims === null) return via === 'token' ? this.byProvider(token, now) : null;
    const found = await this.lookup.bySession(claims.sessionId, claims.userId);
    if (found === null) return null;
    const principal = { ...this.accountIn(found), via, scopes: null, sessionId: claims.sessionId };
    return { principal, goodUntil: claims.expiresAt.getTime() };
  }

  private async byKey(key: string): Promise<Found> {
    const hash = this.keys.mac('api-key', key);
    const found = await this.lookup.byKeyHash(hash);
    if (found === null) return null;
    await this.lookup.touchKey(hash);
    const { scopes, expiresAt } = found;
    return {
      principal: { ...this.accountIn(found), via: 'api_key', scopes, sessionId: null },
      goodUntil: expiresAt?.getTime() ?? null,
    };
  }

  private accountIn(found: FoundAccount): Account & Pick<Principal, 'owesSecondFactor'> {
    const { userId, email, name, role } = found;
    const owes = owesSecondFactor(this.config.requireSecondFactor, found);
    return { userId, email, name, role, owesSecondFactor: owes };
  }

  private async byProvider(token: string, now: number): Promise<Found> {
    const found = await this.oidcTokens.identify(token, new Date(now));
    if (found === null) return null;
    return { principal: principalOf(found.user, 'provider_token'), goodUntil: found.expiresAt.getTime() };
  }

  private async byHeaders(externalId: string, email: string): Promise<Found> {
    const user = await this.headerAccounts.resolve(externalId, email);
    return user === null ? null : { principal: principalOf(user, 'trusted_header'), goodUntil: null };
  }
}

/** The kind is part of the name, since the same token as a cookie and as a Bearer makes different callers. */
function nameOf(credential: Credential): string {
  return credential.kind === 'trusted_header'
    ? JSON.stringify([credential.externalId, credential.email])
    : `${credential.kind} ${credential.secret}`;
}
