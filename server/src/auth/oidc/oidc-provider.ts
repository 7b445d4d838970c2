import { Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import * as client from 'openid-client';
import { AppConfig } from '../../config/app-config.js';
import type { OidcSettings } from '../../config/oidc-settings.js';
import { DomainError } from '../../problems/domain-error.js';

/** Asymmetric ones alone: with them nobody but the provider can sign. */
export const PROVIDER_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const TIMEOUT_S = 5;
/** After so long the provider is asked again where its endpoints are. */
const METADATA_MS = 3_600_000;
/** So long a provider that does not answer is not asked again. */
const FAILURE_MS = 5_000;
/** A key id that is unknown fetches the keys again, but not more often than this. */
const KEYS_COOLDOWN_MS = 30_000;

/** What the provider says of itself, and its keys. */
export interface Provider {
  readonly configuration: client.Configuration;
  /** The exact text that tokens carry as `iss`. */
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
}

/** The identity provider of the settings, asked when it is needed for the first time. */
@Injectable()
export class OidcProvider {
  private readonly logger = new Logger(OidcProvider.name);
  private known: { readonly provider: Provider; readonly until: number } | null = null;
  private asking: Promise<Provider> | null = null;
  private failedUntil = 0;

  constructor(private readonly config: AppConfig) {}

  get settings(): OidcSettings | null {
    return this.config.oidc;
  }

  /** @throws DomainError 404 where none is configured, 503 `identity_provider_unavailable` where it does not answer */
  async get(): Promise<Provider> {
    const { settings } = this;
    if (settings === null) throw new DomainError(404, 'not_found', 'No identity provider is configured.');
    const now = Date.now();
    if (this.known !== null && now < this.known.until) return this.known.provider;
    if (now < this.failedUntil) return this.otherwise();
    this.asking ??= this.ask(settings).finally(() => {
      this.asking = null;
    });
    try {
      const provider = await this.asking;
      this.known = { provider, until: now + METADATA_MS };
      return provider;
    } catch (error) {
      this.failedUntil = now + FAILURE_MS;
      this.logger.warn(`The identity provider cannot be asked: ${describe(error)}`);
      return this.otherwise();
    }
  }

  private otherwise(): Provider {
    if (this.known !== null) return this.known.provider;
    throw new DomainError(
      503,
      'identity_provider_unavailable',
      'The identity provider does not answer; try again.',
      { headers: { 'Retry-After': String(FAILURE_MS / 1000) } },
    );
  }

  private async ask({ issuer, clientId, clientSecret }: OidcSettings): Promise<Provider> {
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      clientSecret === null ? {} : { client_secret: clientSecret },
      clientSecret === null ? client.None() : proof(clientSecret),
      // The settings accept http for this machine alone.
      { timeout: TIMEOUT_S, execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [] },
    );
    const { issuer: named, jwks_uri: keysUrl } = configuration.serverMetadata();
    if (keysUrl === undefined) throw new Error('it names no jwks_uri');
    const keys = createRemoteJWKSet(new URL(keysUrl), {
      timeoutDuration: TIMEOUT_S * 1000,
      cooldownDuration: KEYS_COOLDOWN_MS,
    });
    return { configuration, issuer: named, keys };
  }
}

/** The secret in the header, which every provider must take, unless it says that it wants it in the body. */
function proof(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, metadata, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const way = methods.includes('client_secret_basic') ? basic : post;
    way(server, metadata, body, headers);
  };
}

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
};
