import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import { AuthKeys } from '../../src/auth/auth-keys.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, cookiesOf, startApp, tokenOf, type TestApp } from './test-app.js';

describe('sessions', () => {
  let database: TestDatabase;
  let server: TestApp;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startApp(database);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await database.drop();
  });

  async function signIn(): Promise<{ cookies: string; token: string }> {
    const { headers, body } = await server.http.post('/auth/login').send(ADMIN).expect(200);
    return { cookies: cookiesOf(headers), token: (body as { access_token: string }).access_token };
  }
  const refresh = (cookies: string) => server.http.post('/auth/refresh').set('Cookie', cookies);
  const me = (token: string) => server.http.get('/auth/me').set(...bearer(token));

  describe('refresh', () => {
    it('gives new tokens and a new refresh cookie', async () => {
      const { cookies } = await signIn();
      const { headers, body } = await refresh(cookies).expect(200);
      expect(cookiesOf(headers)).not.toBe(cookies);
      await me((body as { access_token: string }).access_token).expect(200);
      await refresh(cookiesOf(headers)).expect(200);
    });

    it('ends the whole sign-in when a used refresh token comes back, access tokens included', async () => {
      const stolen = await signIn();
      const second = await refresh(stolen.cookies).expect(200);
      const { body } = await refresh(stolen.cookies).expect(401);
      expect(body).toMatchObject({ code: 'refresh_invalid' });
      await refresh(cookiesOf(second.headers)).expect(401);
      await me((second.body as { access_token: string }).access_token).expect(401);
    });

    it('lets one of several simultaneous uses of a refresh token through at most, and then none', async () => {
      const { cookies } = await signIn();
      const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(cookies)));
      const good = answers.filter(({ status }) => status === 200);
      expect(good).toHaveLength(1);
      await refresh(cookiesOf(good[0]?.headers ?? {})).expect(401);
    });

    it('refuses a refresh token with another generation, session or hash without ending the sign-in', async () => {
      const { cookies, token } = await signIn();
      const value = /orchestrator_refresh=([^;]+)/.exec(cookies)?.[1] ?? '';
      const [session = '', , mac = ''] = value.split('.');
      const forged = createHmac('sha256', 'guess').update(`${session}.1`).digest('base64url');
      for (const bad of [
        `${session}.2.${mac}`,
        `${session}.1.${forged}`,
        `${session}.0.${forged}`,
        'nonsense',
        '',
      ]) {
        await refresh(`orchestrator_refresh=${bad}`).expect(401);
      }
      await me(token).expect(200);
      await refresh(cookies).expect(200);
    });

    it('refuses an expired sign-in and a request without a cookie', async () => {
      const { cookies } = await signIn();
      await database.dataSource.query("UPDATE sessions SET expires_at = now() - interval '1 second'");
      await refresh(cookies).expect(401);
      const { body } = await server.http.post('/auth/refresh').expect(401);
      expect((body as { detail: string }).detail).toMatch(/authentication/i);
    });
  });

  describe('the longest time of a sign-in', () => {
    const age = (interval: string) =>
      database.dataSource.query(
        `UPDATE sessions SET created_at = created_at - $1::interval, expires_at = now() + interval '14 days'
       WHERE id = (SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1)`,
        [interval],
      );
    const lastsUntil = async (): Promise<number> => {
      const [row] = await database.dataSource.query<{ days: number }[]>(
        `SELECT extract(epoch FROM expires_at - created_at)::float8 / 86400 AS days
       FROM sessions ORDER BY created_at DESC LIMIT 1`,
      );
      return row?.days ?? 0;
    };

    it('is not prolonged by use beyond 30 days from its beginning', async () => {
      await database.dataSource.query('DELETE FROM sessions');
      const { cookies } = await signIn();
      expect(await lastsUntil()).toBeCloseTo(14, 5);
      await age('20 days');
      const renewed = await refresh(cookies).expect(200);
      expect(await lastsUntil()).toBeCloseTo(30, 5);
      await age('10 days 1 second');
      const { body } = await refresh(cookiesOf(renewed.headers)).expect(401);
      expect(body).toMatchObject({ code: 'refresh_invalid' });
      await me((renewed.body as { access_token: string }).access_token).expect(401);
    });

    it('ends the access token too', async () => {
      const { token } = await signIn();
      await database.dataSource.query("UPDATE sessions SET expires_at = now() - interval '1 second'");
      await me(token).expect(401);
    });
  });

  describe('ending a sign-in', () => {
    it('ends with logout: cookies are cleared, refresh and access tokens are dead', async () => {
      const { cookies, token } = await signIn();
      const { headers } = await server.http.post('/auth/logout').set('Cookie', cookies).expect(204);
      expect(cookiesOf(headers)).toBe('orchestrator_session=; orchestrator_refresh=');
      await me(token).expect(401);
      await refresh(cookies).expect(401);
    });

    it('ends the sign-in of a Bearer token that logs out', async () => {
      const { token } = await signIn();
      await server.http
        .post('/auth/logout')
        .set(...bearer(token))
        .expect(204);
      await me(token).expect(401);
    });

    it('lists the live sign-ins and revokes one of them, not those of others', async () => {
      const mine = await signIn();
      const other = await signIn();
      const { body } = await server.http
        .get('/auth/sessions')
        .set(...bearer(mine.token))
        .expect(200);
      const { sessions } = body as { sessions: { session_id: string; current: boolean; address: string }[] };
      expect(sessions.filter(({ current }) => current)).toHaveLength(1);
      expect(sessions[0]?.address).toBe('127.0.0.1');
      const newest = sessions.find(({ current }) => !current)?.session_id ?? '';
      await server.http
        .delete(`/auth/sessions/${newest}`)
        .set(...bearer(mine.token))
        .expect(204);
      await me(other.token).expect(401);
      await me(mine.token).expect(200);
      await server.http
        .delete(`/auth/sessions/${newest}`)
        .set(...bearer(mine.token))
        .expect(404);
      await server.http
        .delete('/auth/sessions/1')
        .set(...bearer(mine.token))
        .expect(404);
    });

    it('keeps a disabled user out at once, and the other processes hear of it', async () => {
      const second = await startApp(database);
      try {
        const admin = await tokenOf(server.http);
        const password = 'grace has a password';
        const created = await server.http
          .post('/users')
          .set(...bearer(admin))
          .send({ email: 'grace@example.org', name: 'Grace', role: 'member', password })
          .expect(201);
        const grace = await tokenOf(server.http, 'grace@example.org', password);
        await second.http
          .get('/auth/me')
          .set(...bearer(grace))
          .expect(200);
        const { user_id } = created.body as { user_id: string };
        await server.http
          .patch(`/users/${user_id}`)
          .set(...bearer(admin))
          .send({ disabled: true })
          .expect(200);
        await me(grace).expect(401);
        await until(async () => (await second.http.get('/auth/me').set(...bearer(grace))).status === 401);
      } finally {
        await second.close();
      }
    });

    it('changes the password only with the current one, and then ends the other sign-ins', async () => {
      const here = await signIn();
      const elsewhere = await signIn();
      const change = (current_password: string, new_password: string) =>
        server.http
          .post('/auth/password')
          .set(...bearer(here.token))
          .send({ current_password, new_password });
      await change('not the password', 'a new and long password').expect(403);
      for (const common of ['1qaz2wsx3edc', 'Password2026!!', 'sunshinesunshine']) {
        const { body } = await change(ADMIN.password, common).expect(400);
        expect(body).toMatchObject({
          errors: [{ pointer: '/new_password', message: expect.stringContaining('most used') }],
        });
      }
      const short = await change(ADMIN.password, 'short').expect(400);
      expect(short.body).toMatchObject({
        errors: [{ pointer: '/new_password', message: expect.stringContaining('12') }],
      });
      await change(ADMIN.password, 'a new and long password').expect(204);
      await me(here.token).expect(200);
      await me(elsewhere.token).expect(401);
      await server.http.post('/auth/login').send(ADMIN).expect(401);
      await tokenOf(server.http, ADMIN.email, 'a new and long password');
      await change('a new and long password', ADMIN.password).expect(204);
    });
  });

  describe('tokens that are not ours', () => {
    const claims = async (): Promise<{ sub: string; sid: string }> => {
      const rows = await database.dataSource.query<{ sub: string; sid: string }[]>(
        'SELECT user_id AS sub, id AS sid FROM sessions WHERE revoked_at IS NULL ORDER BY created_at DESC LIMIT 1',
      );
      return rows[0] ?? { sub: '', sid: '' };
    };
    const keys = (): AuthKeys => server.app.get(AuthKeys, { strict: false });
    const build = (fields: {
      sub: string;
      sid: string;
      aud?: string;
      iss?: string;
      typ?: string;
      alg?: string;
    }) =>
      new SignJWT({ sid: fields.sid })
        .setProtectedHeader({ alg: fields.alg ?? 'HS256', typ: fields.typ ?? 'at+jwt' })
        .setSubject(fields.sub)
        .setIssuer(fields.iss ?? 'orchestrator')
        .setAudience(fields.aud ?? 'orchestrator-api')
        .setIssuedAt()
        .setExpirationTime('5m');

    it('accepts the same token when nothing is wrong with it, so that the refusals below mean something', async () => {
      await signIn();
      const key = keys().keyFor('access-token');
      await me(await build(await claims()).sign(key)).expect(200);
    });

    it('refuses another key, audience, issuer, type, algorithm, and the key of another purpose', async () => {
      await signIn();
      const own = await claims();
      const key = keys().keyFor('access-token');
      const tokens = [
        await build(own).sign(Buffer.alloc(32, 7)),
        await build(own).sign(keys().keyFor('refresh-token')),
        await build({ ...own, aud: 'somebody-else' }).sign(key),
        await build({ ...own, iss: 'somebody-else' }).sign(key),
        await build({ ...own, typ: 'JWT' }).sign(key),
        await build({ ...own, alg: 'HS384' }).sign(Buffer.concat([key, key])),
      ];
      for (const token of tokens) await me(token).expect(401);
    });

    it('refuses alg none, a changed payload and an expired token', async () => {
      const { token } = await signIn();
      const { sub, sid } = await claims();
      const [header = '', payload = '', signature = ''] = token.split('.');
      const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claimed = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
      const expired = await new AccessTokens(keys()).issue(sub, sid, new Date(Date.now() - 16 * 60_000));
      const bad = [
        `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
        `${part({ alg: 'NONE', typ: 'at+jwt' })}.${payload}.${signature}`,
        `${header}.${part({ ...claimed, sub: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11' })}.${signature}`,
        expired,
      ];
      for (const forged of bad) await me(forged).expect(401);
      await me(token).expect(200);
    });

    it('refuses a token whose user and sign-in do not belong together', async () => {
      const admin = await tokenOf(server.http);
      const other = await server.http
        .post('/users')
        .set(...bearer(admin))
        .send({ email: 'other@example.org', name: 'Other', role: 'viewer' })
        .expect(201);
      const { sid } = await claims();
      const token = await build({ sub: (other.body as { user_id: string }).user_id, sid }).sign(
        keys().keyFor('access-token'),
      );
      await me(token).expect(401);
    });
  });

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!(await condition()))
      if (Date.now() > deadline) throw new Error('the condition was not met within 5 s');
  }
});
