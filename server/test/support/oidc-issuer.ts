import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import type { OidcSettings } from '../../src/config/oidc-settings.js';

export const CLIENT = { id: 'orchestrator-console', secret: 'a-client-secret-that-only-the-tests-know' };
export const AUDIENCE = 'urn:orchestrator:api';

/** Somebody with an account at the provider; `sub` is the login name. */
export interface Person {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
}

/** A key as a provider would publish it. */
export async function newKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const named = { kid, alg: 'RS256', use: 'sig' };
  return {
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), ...named },
    privateJwk: { ...(await exportJWK(privateKey)), ...named },
  };
}

/** A whole OpenID provider on loopback, whose keys the tests hold. */
export class OidcIssuer {
  readonly people = new Map<string, Person>();
  /** Paths of the requests that it was sent. */
  readonly asked: string[] = [];
  private handler: (request: IncomingMessage, response: ServerResponse) => unknown = () => undefined;
  private redirectUris: string[] = [];
  private logoutUris: string[] = [];
  private backchannelUri: string | null = null;

  private constructor(
    private readonly server: Server,
    readonly url: string,
    private signing: SigningKey,
  ) {}

  /** How a server is set up whose people sign in here; `more` replaces what is to be otherwise. */
  settings(more: Partial<OidcSettings> = {}): OidcSettings {
    return {
      ...{ issuer: this.url, clientId: CLIENT.id, clientSecret: CLIENT.secret, audience: null },
      ...{ groupsClaim: 'groups', scopes: 'openid profile email', roleMapping: null },
      ...more,
    };
  }

  static async start(): Promise<OidcIssuer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const issuer = new OidcIssuer(server, url, await newKey('key-1'));
    server.on('request', (request, response) => {
      issuer.asked.push(request.url ?? '');
      issuer.handler(request, response);
    });
    issuer.renew();
    return issuer;
  }

  get key(): SigningKey {
    return this.signing;
  }

  /** Registers the console at this address as the client. */
  serve(consoleUrl: string): void {
    this.redirectUris = [`${consoleUrl}/auth/oidc/callback`];
    this.backchannelUri = `${consoleUrl}/auth/oidc/backchannel-logout`;
    this.logoutUris = [`${consoleUrl}/orchestrator/login`];
    this.renew();
  }

  /** Replaces the signing key, as providers do from time to time. */
  async rotate(kid: string): Promise<void> {
    this.signing = await newKey(kid);
    this.renew();
  }

  /** A token that the provider's own key signs; `header` and `key` make a wrong one. */
  async token(
    claims: JWTPayload,
    header: Record<string, unknown> = {},
    key: Parameters<SignJWT['sign']>[0] = this.signing.privateKey,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, aud: AUDIENCE, iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: this.signing.publicJwk.kid ?? '', typ: 'at+jwt', ...header })
      .sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private renew(): void {
    const { warn } = console;
    // That it is meant for tests alone is known here.
    console.warn = () => undefined;
    this.handler = new Provider(this.url, this.configuration()).callback();
    console.warn = warn;
  }

  private configuration(): Configuration {
    return {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: this.redirectUris,
          post_logout_redirect_uris: this.logoutUris,
          ...(this.backchannelUri !== null && {
            backchannel_logout_uri: this.backchannelUri,
            backchannel_logout_session_required: true,
          }),
          grant_types: this.redirectUris.length > 0 ? ['authorization_code'] : [],
          response_types: this.redirectUris.length > 0 ? ['code'] : [],
        },
      ],
      features: { backchannelLogout: { enabled: true } },
      jwks: { keys: [this.signing.privateJwk] },
      cookies: { keys: ['only-for-tests'] },
      scopes: ['openid', 'profile', 'email', 'groups'],
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['name'],
        groups: ['groups'],
      },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
      pkce: { required: () => true },
      findAccount: (_context, sub) => {
        const person = this.people.get(sub);
        return person === undefined
          ? undefined
          : { accountId: sub, claims: () => ({ sub, ...person, groups: [...(person.groups ?? [])] }) };
      },
    };
  }
}
