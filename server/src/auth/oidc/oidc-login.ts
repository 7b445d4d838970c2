import { Injectable, Logger } from '@nestjs/common';
import * as client from 'openid-client';
import { DomainError } from '../../problems/domain-error.js';
import type { ProviderProof } from '../sessions.service.js';
import type { UserEntity } from '../user.entity.js';
import { readClaims } from './domain/provider-claims.js';
import type { LoginFlow } from './login-flow.js';
import { OidcAccounts } from './oidc-accounts.js';
import { OidcProvider } from './oidc-provider.js';

/** Somebody whom the provider has signed in. */
export interface SignedIn {
  readonly user: UserEntity;
  readonly proof: ProviderProof;
}

/** Signing in at the identity provider: authorization code with PKCE, state and nonce. */
@Injectable()
export class OidcLogin {
  private readonly logger = new Logger(OidcLogin.name);

  constructor(
    private readonly provider: OidcProvider,
    private readonly accounts: OidcAccounts,
  ) {}

  /**
   * Where the browser goes, and what is to be kept until it comes back.
   * @throws DomainError 404 without a provider, 503 where it does not answer
   */
  async begin(
    callbackUrl: string,
    returnTo: string,
  ): Promise<{ readonly url: URL; readonly flow: LoginFlow }> {
    const { configuration } = await this.provider.get();
    const flow = {
      ...{ state: client.randomState(), nonce: client.randomNonce() },
      ...{ codeVerifier: client.randomPKCECodeVerifier(), returnTo },
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: callbackUrl,
      scope: this.provider.settings?.scopes ?? 'openid',
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(flow.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url, flow };
  }

  /**
   * Redeems the code and finds the account.
   * @param answer the callback's address as the browser opened it
   * @throws DomainError 403 `sign_in_denied`, `sign_in_failed` or what `OidcAccounts` throws; 503
   */
  async finish(answer: URL, flow: LoginFlow): Promise<SignedIn> {
    const { configuration, issuer } = await this.provider.get();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, answer, {
        ...{ expectedState: flow.state, expectedNonce: flow.nonce },
        ...{ pkceCodeVerifier: flow.codeVerifier, idTokenExpected: true },
      });
      const payload = { ...(await this.userInfo(configuration, tokens)), ...tokens.claims() };
      const claims = readClaims(issuer, payload, this.provider.settings?.groupsClaim ?? 'groups');
      if (claims === null || tokens.id_token === undefined) throw new Error('the ID token names nobody');
      // A sign-in tells all groups there are: none said is none.
      const user = await this.accounts.admit({ ...claims, groups: claims.groups ?? [] });
      const sid = tokens.claims()?.['sid'];
      const providerSessionId = typeof sid === 'string' ? sid : null;
      return { user, proof: { idToken: tokens.id_token, providerSessionId } };
    } catch (error) {
      throw error instanceof DomainError ? error : this.explain(error);
    }
  }

  /** Where the browser signs out at the provider too; null where the provider knows no such thing. */
  async endUrl(idToken: string, returnUrl: string): Promise<string | null> {
    const { configuration } = await this.provider.get();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnUrl };
    return client.buildEndSessionUrl(configuration, parameters).href;
  }

  /** Many providers tell e-mail and groups there alone. */
  private async userInfo(
    configuration: client.Configuration,
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): Promise<Readonly<Record<string, unknown>>> {
    const subject = tokens.claims()?.sub;
    if (configuration.serverMetadata().userinfo_endpoint === undefined || subject === undefined) return {};
    return client.fetchUserInfo(configuration, tokens.access_token, subject);
  }

  private explain(error: unknown): DomainError {
    if (error instanceof client.AuthorizationResponseError && error.error === 'access_denied') {
      return new DomainError(403, 'sign_in_denied', 'The identity provider did not sign you in.');
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    this.logger.warn(`A sign-in at the identity provider failed: ${String(error)} ${code}`.trim());
    return new DomainError(403, 'sign_in_failed', 'The answer of the identity provider was not accepted.');
  }
}
