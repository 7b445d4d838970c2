import { Injectable, Logger } from '@nestjs/common';
import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { DomainError } from '../../problems/domain-error.js';
import { refused } from '../credentials.js';
import type { UserEntity } from '../user.entity.js';
import { readClaims } from './domain/provider-claims.js';
import { OidcAccounts } from './oidc-accounts.js';
import { OidcProvider, PROVIDER_ALGORITHMS } from './oidc-provider.js';

/** Of clocks, in seconds. */
const TOLERANCE_S = 5;
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt', undefined];
/** What ID tokens carry and access tokens do not. */
const OF_ID_TOKENS = ['nonce', 'at_hash', 'c_hash'];

/** Accepts access tokens of the identity provider that are made for this API. */
@Injectable()
export class OidcTokens {
  private readonly logger = new Logger(OidcTokens.name);

  constructor(
    private readonly provider: OidcProvider,
    private readonly accounts: OidcAccounts,
  ) {}

  /**
   * Whose token it is; null where it is not the provider's, not for us or not good.
   * @throws DomainError 401 where the person may not come in, or the provider does not answer
   */
  async identify(token: string, now: Date): Promise<{ user: UserEntity; expiresAt: Date } | null> {
    const { settings } = this.provider;
    if (settings === null || settings.audience === null || !seemsToBeOf(settings.issuer, token)) return null;
    try {
      const payload = await this.verify(token, settings.audience, now);
      const claims = payload === null ? null : readClaims(payload.iss ?? '', payload, settings.groupsClaim);
      if (claims === null) return null;
      const user = await this.accounts.admit(claims);
      return { user, expiresAt: new Date((payload?.exp ?? 0) * 1000) };
    } catch (error) {
      if (error instanceof DomainError) throw refused(error.message.replace(/\.$/, ''));
      throw error;
    }
  }

  private async verify(token: string, audience: string, now: Date): Promise<JWTPayload | null> {
    const { issuer, keys } = await this.provider.get();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        ...{
          algorithms: PROVIDER_ALGORITHMS,
          issuer,
          audience,
          currentDate: now,
          clockTolerance: TOLERANCE_S,
        },
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      return isAccessToken(payload, protectedHeader.typ) ? payload : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) {
        this.logger.debug(`A token of the identity provider was refused: ${error.code}`);
        return null;
      }
      throw new DomainError(
        503,
        'identity_provider_unavailable',
        'The keys of the identity provider cannot be read; try again.',
      );
    }
  }
}

/** By its own words, so that other tokens never make us ask the provider. */
function seemsToBeOf(issuer: string, token: string): boolean {
  try {
    const { iss } = decodeJwt(token);
    return iss !== undefined && withoutSlash(iss) === withoutSlash(issuer);
  } catch {
    return false;
  }
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');

/**
 * Not every provider marks access tokens with `at+jwt`, so plain ones are taken as well, but none that is marked as, or
 * looks like, an ID, refresh or logout token.
 */
function isAccessToken(payload: JWTPayload, type: string | undefined): boolean {
  if (!TYPES.includes(type?.toLowerCase())) return false;
  if (OF_ID_TOKENS.some((claim) => Object.hasOwn(payload, claim)) || 'events' in payload) return false;
  return payload['typ'] === undefined || payload['typ'] === 'Bearer';
}
