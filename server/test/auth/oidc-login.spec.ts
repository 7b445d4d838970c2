import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser } from '../support/browser.js';
import { CLIENT, OidcIssuer } from '../support/oidc-issuer.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, startApp, tokenOf, bearer, type TestApp } from './test-app.js';

describe('oidc login', () => {
  let database: TestDatabase;
  let issuer: OidcIssuer;
  let server: TestApp;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    database = await createTestDatabase();
    issuer = await OidcIssuer.start();
    server = await startApp(database, {
      oidc: issuer.settings({
        scopes: 'openid profile email groups',
        roleMapping: new Map([
          ['ops', 'admin'],
          ['devs', 'member'],
        ]),
      }),
    });
    origin = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
    issuer.serve(origin);
    issuer.people.set('ada', {
      ...{ email: 'ada@provider.example', email_verified: true, name: 'Ada', groups: ['devs'] },
    });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await issuer.stop();
    await database.drop();
  });
  beforeEach(() => {
    browser = new Browser();
  });

  const callback = (): string => `${origin}/auth/oidc/callback`;

  /** Begins at the console and signs in at the provider; the callback's address is not opened yet. */
  async function answerFor(login: string, returnTo = '/orchestrator/runs?q=pay'): Promise<string> {
    const start = `${origin}/auth/oidc/login?return_to=${encodeURIComponent(returnTo)}`;
    return browser.signInAtProvider(start, login, callback());
  }

  /** The last redirect of a sign-in, and who is signed in then. */
  async function finish(url: string): Promise<{ to: string; me: Record<string, unknown> | null }> {
    const answer = await browser.open(url);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([302, 'no-store']);
    const me = await browser.open(`${origin}/auth/me`);
    const to = (answer.headers.get('location') ?? '').replace(origin, '');
    return { to, me: me.ok ? ((await me.json()) as Record<string, unknown>) : null };
  }

  const signIn = async (login: string, returnTo?: string) => finish(await answerFor(login, returnTo));
  const failure = (code: string) => ({ to: `/orchestrator/login?failure=${code}`, me: null });

  describe('a sign-in at the identity provider', () => {
    it('is announced', async () => {
      const { body } = await server.http.get('/auth/oidc').expect(200);
      expect(body).toEqual({ enabled: true, name: new URL(issuer.url).host });
    });

    it('sends the browser there with state, nonce and a challenge, and keeps them out of reach', async () => {
      const answer = await browser.open(`${origin}/auth/oidc/login`);
      const query = new URL(answer.headers.get('location') ?? '').searchParams;
      expect(Object.fromEntries(query)).toMatchObject({
        ...{ response_type: 'code', client_id: CLIENT.id, redirect_uri: callback() },
        ...{ code_challenge_method: 'S256', scope: 'openid profile email groups' },
        ...{ state: expect.stringMatching(/.{40,}/), nonce: expect.stringMatching(/.{40,}/) },
      });
      const cookie = answer.headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(/^orchestrator_oidc=.*Max-Age=600; Path=\/auth\/oidc;.*HttpOnly; SameSite=Lax$/);
      expect(cookie).not.toContain(query.get('state') ?? '-');
    });

    it('comes back to the page that was wanted, with an account, its role, and the cookies of the console', async () => {
      const { to, me } = await signIn('ada');
      expect(to).toBe('/orchestrator/runs?q=pay');
      expect(me).toMatchObject({
        email: 'ada@provider.example',
        name: 'Ada',
        role: 'member',
        via: 'session',
      });
      expect(browser.cookie(origin, 'orchestrator_oidc')).toBeNull();
      const refreshed = await browser.open(`${origin}/auth/refresh`, {});
      expect(refreshed.status).toBe(200);
    });

    it('gives the role of the groups anew each time, and no way in without one', async () => {
      issuer.people.set('rob', { email: 'rob@provider.example', email_verified: true, groups: ['ops'] });
      expect((await signIn('rob')).me).toMatchObject({ role: 'admin', name: 'rob' });
      issuer.people.set('rob', { email: 'rob@provider.example', email_verified: true, groups: ['devs'] });
      browser = new Browser();
      expect((await signIn('rob')).me).toMatchObject({ role: 'member' });
      issuer.people.set('rob', { email: 'rob@provider.example', email_verified: true, groups: [] });
      browser = new Browser();
      expect(await signIn('rob')).toEqual(failure('not_admitted'));
    });

    it('takes over the account of a verified e-mail, and of no other', async () => {
      issuer.people.set('mallory', { email: ADMIN.email, email_verified: false, groups: ['ops'] });
      expect(await signIn('mallory')).toEqual(failure('identity_unverified'));
      issuer.people.set('boss', { email: ADMIN.email, email_verified: true, groups: ['ops'] });
      browser = new Browser();
      expect((await signIn('boss')).me).toMatchObject({ email: ADMIN.email, role: 'admin' });
      issuer.people.set('mallory', { email: ADMIN.email, email_verified: true, groups: ['ops'] });
      browser = new Browser();
      expect(await signIn('mallory')).toEqual(failure('identity_conflict'));
    });

    it('leads to a page of the console alone', async () => {
      for (const elsewhere of ['https://evil.example/', '//evil.example', '/\\evil.example', '/users']) {
        browser = new Browser();
        expect((await signIn('ada', elsewhere)).to).toBe('/orchestrator/');
      }
    });

    it('keeps a disabled account out', async () => {
      issuer.people.set('gone', { email: 'gone@provider.example', email_verified: true, groups: ['devs'] });
      const { me } = await signIn('gone');
      const admin = bearer(await tokenOf(server.http));
      await server.http
        .patch(`/users/${String(me?.['user_id'])}`)
        .set(...admin)
        .send({ disabled: true })
        .expect(200);
      browser = new Browser();
      expect(await signIn('gone')).toEqual(failure('account_disabled'));
    });
  });

  describe('an answer is refused', () => {
    it('in a browser that did not ask for it', async () => {
      const url = await answerFor('ada');
      browser = new Browser();
      expect(await finish(url)).toEqual(failure('sign_in_expired'));
    });

    it('with the state of another sign-in of the same browser', async () => {
      const url = await answerFor('ada');
      await browser.open(`${origin}/auth/oidc/login`);
      expect(await finish(url)).toEqual(failure('sign_in_failed'));
    });

    it('with another state, or none, though all else is right', async () => {
      const other = new URL(await answerFor('ada'));
      other.searchParams.set('state', 'made-up');
      expect(await finish(other.href)).toEqual(failure('sign_in_failed'));
      browser = new Browser();
      const none = new URL(await answerFor('ada'));
      none.searchParams.delete('state');
      expect(await finish(none.href)).toEqual(failure('sign_in_failed'));
    });

    it('that comes a second time', async () => {
      const url = await answerFor('ada');
      const kept = browser.cookie(origin, 'orchestrator_oidc') ?? '';
      await browser.open(url);
      browser = new Browser();
      await browser.open(`${origin}/auth/oidc`);
      browser.setCookie(origin, 'orchestrator_oidc', kept);
      expect(await finish(url)).toEqual(failure('sign_in_failed'));
    });

    it('with a code that was given to another browser', async () => {
      const stolen = new URL(await answerFor('ada')).searchParams.get('code') ?? '';
      browser = new Browser();
      const own = new URL(await answerFor('ada'));
      own.searchParams.set('code', stolen);
      expect(await finish(own.href)).toEqual(failure('sign_in_failed'));
    });

    it('where what was kept was made up or changed', async () => {
      const url = await answerFor('ada');
      const kept = browser.cookie(origin, 'orchestrator_oidc') ?? '';
      browser.setCookie(origin, 'orchestrator_oidc', `${kept.slice(0, -4)}AAAA`);
      expect(await finish(url)).toEqual(failure('sign_in_expired'));
    });

    it('as the provider refuses it', async () => {
      const begun = await browser.open(`${origin}/auth/oidc/login`);
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
      const query = new URLSearchParams({ error: 'access_denied', state, iss: issuer.url });
      expect(await finish(`${callback()}?${query.toString()}`)).toEqual(failure('sign_in_denied'));
    });

    it('without anything in it', async () => {
      await browser.open(`${origin}/auth/oidc/login`);
      expect(await finish(callback())).toEqual(failure('sign_in_failed'));
    });
  });

  describe('signing out', () => {
    it('ends the sign-in here and names the address that ends it at the provider', async () => {
      await signIn('ada');
      const answer = await browser.open(`${origin}/auth/oidc/logout`, {});
      const { provider_url: url } = (await answer.json()) as { provider_url: string };
      const { searchParams, pathname } = new URL(url);
      expect(pathname).toBe('/session/end');
      expect(searchParams.get('post_logout_redirect_uri')).toBe(`${origin}/orchestrator/login`);
      expect(decodeJwt(searchParams.get('id_token_hint') ?? '').sub).toBe('ada');
      expect((await browser.open(`${origin}/auth/me`)).status).toBe(401);
      const page = await browser.open(url);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('sign-out')]);
    });

    it('of a sign-in by password names none', async () => {
      const agent = await server.http.post('/auth/login').send(ADMIN).expect(200);
      const { body } = await server.http
        .post('/auth/oidc/logout')
        .set(...bearer((agent.body as { access_token: string }).access_token))
        .expect(200);
      expect(body).toEqual({ provider_url: null });
    });
  });

  it('without a provider there is nothing to start', async () => {
    const plain = await startApp(database);
    await plain.http.get('/auth/oidc/login').expect(404);
    expect((await plain.http.get('/auth/oidc').expect(200)).body).toEqual({ enabled: false, name: null });
    await plain.close();
  });
});
