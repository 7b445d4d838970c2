import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { base64url, exportSPKI, importJWK, type CryptoKey } from 'jose';
import type { OidcSettings } from '../../src/config/oidc-settings.js';
import { AUDIENCE, CLIENT, newKey, OidcIssuer } from '../support/oidc-issuer.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, startApp, tokenOf, type TestApp } from './test-app.js';

type Changes = Readonly<Record<string, unknown>>;

describe('provider tokens', () => {
  const ADA = { sub: 'ada', email: 'Ada@Provider.example', email_verified: true, name: 'Ada Lovelace' };

  let database: TestDatabase;
  let issuer: OidcIssuer;
  let server: TestApp;

  const settings = (changes: Partial<OidcSettings> = {}): OidcSettings =>
    issuer.settings({ audience: AUDIENCE, ...changes });

  beforeAll(async () => {
    database = await createTestDatabase();
    issuer = await OidcIssuer.start();
    server = await startApp(database, { oidc: settings() });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await issuer.stop();
    await database.drop();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const me = (token: string, at: TestApp = server) => at.http.get('/auth/me').set(...bearer(token));
  const seconds = (): number => Math.floor(Date.now() / 1000);

  describe('an access token of the identity provider', () => {
    it('is accepted, and its bearer is given an account by issuer and subject', async () => {
      const first = await me(await issuer.token(ADA)).expect(200);
      expect(first.body).toMatchObject({
        ...{ email: 'ada@provider.example', name: 'Ada Lovelace', role: 'member', via: 'provider_token' },
      });
      const renamed = await me(await issuer.token({ sub: 'ada' })).expect(200);
      expect((renamed.body as { user_id: string }).user_id).toBe((first.body as { user_id: string }).user_id);
    });

    it('makes one account for many requests that come first at once', async () => {
      const claims = { sub: 'crowd', email: 'crowd@provider.example', email_verified: true };
      const tokens = await Promise.all(
        Array.from({ length: 8 }, (_, n) => issuer.token({ ...claims, jti: `${n}` })),
      );
      const answers = await Promise.all(tokens.map((token) => me(token)));
      expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 200));
      expect(new Set(answers.map(({ body }) => (body as { user_id: string }).user_id)).size).toBe(1);
    });

    it.each([['jwt'], ['JWT'], ['application/at+jwt']])('may be of the type %s', async (typ) => {
      await me(await issuer.token(ADA, { typ })).expect(200);
    });
  });

  describe('a token is refused that is', () => {
    const refused = async (token: string): Promise<void> => {
      const { status, body } = await me(token);
      expect([status, (body as { code: string }).code]).toEqual([401, 'authentication_required']);
    };

    it('forged: its payload was changed after the signature', async () => {
      const [head, , mac] = (await issuer.token(ADA)).split('.');
      const claims = {
        ...ADA,
        sub: 'root',
        iss: issuer.url,
        aud: AUDIENCE,
        iat: seconds(),
        exp: seconds() + 300,
      };
      await refused(`${head ?? ''}.${base64url.encode(JSON.stringify(claims))}.${mac ?? ''}`);
    });

    it('unsigned (alg: none)', async () => {
      const [, payload] = (await issuer.token(ADA)).split('.');
      for (const alg of ['none', 'None', 'NONE']) {
        await refused(`${base64url.encode(JSON.stringify({ alg, typ: 'at+jwt' }))}.${payload ?? ''}.`);
      }
    });

    it('signed with another key, under the name of the right one', async () => {
      const other = await newKey('key-1');
      await refused(await issuer.token(ADA, {}, other.privateKey));
    });

    it('signed with a key that it brings along (jwk, jku, x5u)', async () => {
      const other = await newKey('other');
      await refused(await issuer.token(ADA, { jwk: other.publicJwk, kid: undefined }, other.privateKey));
      await refused(
        await issuer.token(ADA, { jku: 'http://127.0.0.1:9/jwks', kid: 'other' }, other.privateKey),
      );
    });

    it('signed by HS256 with the public key as its secret (swapped key)', async () => {
      const key = (await importJWK(issuer.key.publicJwk, 'RS256', { extractable: true })) as CryptoKey;
      const pem = await exportSPKI(key);
      for (const text of [pem, pem.trim(), JSON.stringify(issuer.key.publicJwk)]) {
        await refused(await issuer.token(ADA, { alg: 'HS256' }, createSecretKey(Buffer.from(text))));
      }
    });

    it('of an algorithm that is not on the list', async () => {
      const key = await importJWK({ ...issuer.key.privateJwk, alg: 'RS512' }, 'RS512');
      await refused(await issuer.token(ADA, { alg: 'RS512' }, key));
    });

    it.each<[string, () => Changes]>([
      ['expired', () => ({ exp: seconds() - 60 })],
      ['not yet valid', () => ({ nbf: seconds() + 60 })],
      ['without an end', () => ({ exp: undefined })],
      ['for another audience', () => ({ aud: 'urn:somebody:else' })],
      ['for the client: an ID token', () => ({ aud: CLIENT.id })],
      ['for client and API, but an ID token', () => ({ aud: [CLIENT.id, AUDIENCE], nonce: 'n' })],
      ['of another issuer', () => ({ iss: 'http://127.0.0.1:9' })],
      ['of our own name as issuer', () => ({ iss: 'orchestrator', aud: 'orchestrator-api', sid: 'x' })],
      ['of nobody', () => ({ sub: '' })],
      ['a refresh token', () => ({ typ: 'Refresh' })],
    ])('%s', async (_what, changes) => {
      await me(await issuer.token(ADA)).expect(200);
      await refused(await issuer.token({ ...ADA, ...changes() }));
    });

    it('of the type of another kind of token', async () => {
      await refused(await issuer.token(ADA, { typ: 'logout+jwt' }));
      await refused(await issuer.token({ ...ADA, events: {} }, { typ: undefined }));
    });

    it('sent as the cookie of the console', async () => {
      const token = await issuer.token(ADA);
      await server.http.get('/auth/me').set('Cookie', `orchestrator_session=${token}`).expect(401);
    });

    it('good, where no audience is configured', async () => {
      const closed = await startApp(database, { oidc: settings({ audience: null }) });
      await me(await issuer.token(ADA), closed).expect(401);
      await closed.close();
    });
  });

  describe('the keys of the provider', () => {
    const fetches = (): number => issuer.asked.filter((path) => path.startsWith('/jwks')).length;

    it('are fetched again for a key id that is new, so that a rotated key counts without a restart', async () => {
      await me(await issuer.token(ADA)).expect(200);
      const before = await issuer.token({ ...ADA, jti: 'before' });
      await issuer.rotate('key-2');
      jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: REAL });
      await me(await issuer.token(ADA)).expect(200);
      await me(before).expect(401);
    });

    it('are not fetched for each token with an unknown key id', async () => {
      await me(await issuer.token(ADA)).expect(200);
      const counted = fetches();
      const other = await newKey('nobody');
      for (let n = 0; n < 5; n += 1) {
        await me(
          await issuer.token({ ...ADA, jti: `${n}` }, { kid: `unknown-${n}` }, other.privateKey),
        ).expect(401);
      }
      expect(fetches() - counted).toBeLessThanOrEqual(1);
    });
  });

  describe('accounts', () => {
    it('of a verified e-mail are linked, and of an unverified one are not', async () => {
      const claims = { sub: 'boss', email: ADMIN.email };
      const unverified = await me(await issuer.token({ ...claims, email_verified: false })).expect(401);
      expect((unverified.body as { detail: string }).detail).toContain('vouch');
      await me(await issuer.token({ ...claims, email_verified: 'true' })).expect(401);
      const linked = await me(await issuer.token({ ...claims, email_verified: true })).expect(200);
      expect(linked.body).toMatchObject({ email: ADMIN.email, role: 'admin' });
    });

    it('are not taken over by another subject with the same e-mail', async () => {
      await me(await issuer.token(ADA)).expect(200);
      const taken = await me(await issuer.token({ ...ADA, sub: 'not-ada' })).expect(401);
      expect((taken.body as { detail: string }).detail).toContain('belongs to somebody else');
    });

    it('that are disabled stay out at once', async () => {
      const token = await issuer.token({
        sub: 'leaver',
        email: 'leaver@provider.example',
        email_verified: true,
      });
      const { body } = await me(token).expect(200);
      const admin = bearer(await tokenOf(server.http));
      await server.http
        .patch(`/users/${(body as { user_id: string }).user_id}`)
        .set(...admin)
        .send({ disabled: true })
        .expect(200);
      await me(token).expect(401);
    });
  });

  describe('groups', () => {
    let mapped: TestApp;
    beforeAll(async () => {
      const roleMapping = new Map([['ops', 'admin'] as const, ['devs', 'member'] as const]);
      mapped = await startApp(database, { oidc: settings({ roleMapping, groupsClaim: 'realm.groups' }) });
    });
    afterAll(() => mapped.close());

    const as = async (groups: string[] | null) => {
      const claims = { sub: 'grace', email: 'grace@provider.example', email_verified: true };
      const token = await issuer.token({
        ...claims,
        ...(groups && { realm: { groups } }),
        jti: String(groups),
      });
      const { status, body } = await me(token, mapped);
      return status === 200 ? (body as { role: string }).role : status;
    };

    it('give the highest role, change it, keep it where a token is silent, and none is no way in', async () => {
      expect(await as(['guests'])).toBe(401);
      expect(await as(null)).toBe(401);
      expect(await as(['devs', 'ops'])).toBe('admin');
      expect(await as(['devs'])).toBe('member');
      expect(await as(null)).toBe('member');
      expect(await as(['guests'])).toBe(401);
      expect(await as(['*'])).toBe(401);
    });
  });

  it('a provider that is away is said to be, and own credentials go on working', async () => {
    const away = await startApp(database, { oidc: settings({ issuer: 'http://127.0.0.1:9' }) });
    const answer = await me(await issuer.token({ ...ADA, iss: 'http://127.0.0.1:9' }), away).expect(401);
    expect((answer.body as { detail: string }).detail).toContain('does not answer');
    await me(await tokenOf(away.http), away).expect(200);
    await away.close();
  });

  /** Only the clock is moved; timers stay real. */
  const REAL = [
    ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
    ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
  ];
});
