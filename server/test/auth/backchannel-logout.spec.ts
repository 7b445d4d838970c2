import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Browser } from '../support/browser.js';
import { CLIENT, newKey, OidcIssuer } from '../support/oidc-issuer.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { bearer, startApp, tokenOf, type TestApp } from './test-app.js';

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };

describe('signing out through the back channel', () => {
  let database: TestDatabase;
  let issuer: OidcIssuer;
  let server: TestApp;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    database = await createTestDatabase();
    issuer = await OidcIssuer.start();
    server = await startApp(database, {
      oidc: issuer.settings(),
    });
    origin = (await server.app.getUrl()).replace('[::1]', '127.0.0.1');
    issuer.serve(origin);
    for (const name of ['ada', 'bob'])
      issuer.people.set(name, { email: `${name}@provider.example`, email_verified: true, name });
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await issuer.stop();
    await database.drop();
  });
  beforeEach(() => {
    browser = new Browser();
  });

  async function signIn(login: string, by = browser): Promise<string> {
    const callback = `${origin}/auth/oidc/callback`;
    const start = `${origin}/auth/oidc/login?return_to=/orchestrator/runs`;
    await by.open(await by.signInAtProvider(start, login, callback));
    expect(await isIn(by)).toBe(true);
    const [row] = await database.dataSource.query<{ sid: string }[]>(
      'SELECT provider_session_id AS sid FROM sessions ORDER BY created_at DESC LIMIT 1',
    );
    return row?.sid ?? '';
  }
  const isIn = async (by = browser): Promise<boolean> => (await by.open(`${origin}/auth/me`)).status === 200;
  const tell = (token: string): Promise<Response> =>
    fetch(`${origin}/auth/oidc/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token, something_else: 'ignored' }),
    });
  const tokenFor = (claims: object, header: object = {}, key?: Parameters<OidcIssuer['token']>[2]) =>
    issuer.token(
      { aud: CLIENT.id, jti: randomUUID(), events: EVENTS, ...claims },
      { typ: 'logout+jwt', ...header },
      ...(key === undefined ? [] : [key]),
    );

  it('ends the sign-in here when somebody signs out at the provider', async () => {
    await signIn('ada');
    const other = new Browser();
    await signIn('bob', other);
    const ended = `${issuer.url}/session/end`;
    const page = await (await browser.open(ended)).text();
    const action = /<form[^>]* action="([^"]+)"/u.exec(page)?.[1] ?? '';
    const xsrf = /name="xsrf" value="([^"]+)"/u.exec(page)?.[1] ?? '';
    await browser.open(new URL(action, ended).href, { xsrf, logout: 'yes' });
    await eventually(isIn, (signedIn) => !signedIn);
    expect(await isIn(other)).toBe(true);
  });

  it('ends the session that the token names, or all of the person, and no sign-in by password', async () => {
    const [first, second, other] = [new Browser(), new Browser(), new Browser()];
    const sid = await signIn('ada', first);
    await signIn('ada', second);
    await signIn('bob', other);
    const admin = await tokenOf(server.http);
    const answer = await tell(await tokenFor({ sid }));
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect([await isIn(first), await isIn(second), await isIn(other)]).toEqual([false, true, true]);
    expect((await tell(await tokenFor({ sub: 'ada' }))).status).toBe(200);
    expect([await isIn(second), await isIn(other)]).toEqual([false, true]);
    await server.http
      .get('/auth/me')
      .set(...bearer(admin))
      .expect(200, /admin/u);
  });

  it('is no way to end later sign-ins with a token that comes again', async () => {
    await signIn('ada');
    const token = await tokenFor({ sub: 'ada' });
    expect((await tell(token)).status).toBe(200);
    expect(await isIn()).toBe(false);
    await signIn('ada');
    await database.dataSource.query(`UPDATE sessions SET created_at = created_at + interval '5 seconds'`);
    expect((await tell(token)).status).toBe(200);
    expect(await isIn()).toBe(true);
  });

  it('refuses every other token, and ends nothing', async () => {
    const sid = await signIn('ada');
    const now = Math.floor(Date.now() / 1000);
    const stranger = await newKey('stranger');
    const idToken = await issuer.token({ aud: CLIENT.id, sub: 'ada', nonce: 'n', sid }, { typ: 'JWT' });
    const good = { sid, sub: 'ada' };
    const none = `${Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url')}.${
      (await tokenFor(good)).split('.')[1] ?? ''
    }.`;
    const refused: Readonly<Record<string, string>> = {
      nothing: '',
      garbage: 'a.b.c',
      'an ID token': idToken,
      unsigned: none,
      'another key': await tokenFor(good, { kid: 'stranger' }, stranger.privateKey),
      'the key id of the provider on another key': await tokenFor(good, {}, stranger.privateKey),
      'another issuer': await tokenFor({ ...good, iss: 'https://evil.example' }),
      'another audience': await tokenFor({ ...good, aud: 'somebody-else' }),
      expired: await tokenFor({ ...good, iat: now - 400, exp: now - 300 }),
      old: await tokenFor({ ...good, iat: now - 4000, exp: now + 300 }),
      'with a nonce': await tokenFor({ ...good, nonce: 'n' }),
      'without events': await tokenFor({ ...good, events: undefined }),
      'of another event': await tokenFor({ ...good, events: { 'http://schemas.example/other': {} } }),
      'without an id': await tokenFor({ ...good, jti: undefined }),
      'without anybody': await tokenFor({}),
      'marked as an access token': await tokenFor(good, { typ: 'at+jwt' }),
    };
    for (const [name, token] of Object.entries(refused)) {
      const answer = await tell(token);
      const { code } = (await answer.json()) as { code: string };
      expect([name, answer.status, code]).toEqual([name, 400, 'logout_token_invalid']);
    }
    expect(await isIn()).toBe(true);
  });
});
