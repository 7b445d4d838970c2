import { Injectable, Logger } from '@nestjs/common';
import { errors, jwtVerify } from 'jose';
import { DomainError } from '../../problems/domain-error.js';
import { AccountCache } from '../account-cache.js';
import { SessionsRepository } from '../sessions.repository.js';
import { type LogoutClaims, readLogoutClaims } from './domain/logout-claims.js';
import { OidcProvider, PROVIDER_ALGORITHMS } from './oidc-provider.js';

/** Of clocks, in seconds. */
const TOLERANCE_S = 5;
/** Providers make the token for the moment; seconds. */
const LONGEST_S = 600;
const TYPES = ['logout+jwt', 'application/logout+jwt', 'jwt', undefined];

/** Ends sign-ins here when the provider says that they have ended there. */
@Injectable()
export class OidcLogout {
  private readonly logger = new Logger(OidcLogout.name);

  constructor(
    private readonly provider: OidcProvider,
    private readonly sessions: SessionsRepository,
    private readonly cache: AccountCache,
  ) {}

  /**
   * Ends what the token names. A token that comes again ends no sign-in that was made after it.
   * @throws DomainError 400 `logout_token_invalid`, 404 without a provider, 503 where its keys cannot be read
   */
  async end(token: string): Promise<void> {
    const { issuer } = await this.provider.get();
    const claims = await this.read(token);
    const users = await this.sessions.revokeOfProvider({ issuer, ...claims }, new Date());
    for (const userId of users) this.cache.forget(userId);
  }

  private async read(token: string): Promise<LogoutClaims> {
    const { issuer, keys } = await this.provider.get();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        ...{ algorithms: PROVIDER_ALGORITHMS, issuer, audience: this.provider.settings?.clientId ?? '' },
        ...{ clockTolerance: TOLERANCE_S, maxTokenAge: LONGEST_S, requiredClaims: ['iat', 'exp', 'jti'] },
      });
      const claims = TYPES.includes(protectedHeader.typ?.toLowerCase()) ? readLogoutClaims(payload) : null;
      if (claims === null) throw invalidToken();
      return claims;
    } catch (error) {
      if (error instanceof DomainError) throw error;
      if (!(error instanceof errors.JOSEError)) {
        const detail = 'The keys of the identity provider cannot be read; try again.';
        throw new DomainError(503, 'identity_provider_unavailable', detail);
      }
      this.logger.debug(`A logout token was refused: ${error.code}`);
      throw invalidToken();
    }
  }
}

const invalidToken = (): DomainError =>
  new DomainError(400, 'logout_token_invalid', 'This is no logout token of the identity provider for us.');
