import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, cookiesOf, startApp, tokenOf, type TestApp } from './test-app.js';

describe('access', () => {
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

  describe('the guard', () => {
    it('asks for authentication where credentials are missing', async () => {
      const { body, headers } = await server.http.get('/probe/read').expect(401);
      expect(headers['content-type']).toMatch(/application\/problem\+json/);
      expect(headers['www-authenticate']).toBe('Bearer');
      expect(body).toMatchObject({
        code: 'authentication_required',
        detail: expect.stringContaining('authentication'),
      });
    });

    it('closes a route that declares nothing, even to an administrator', async () => {
      const { body } = await server.http
        .get('/probe/undeclared')
        .set(...bearer(await tokenOf(server.http)))
        .expect(403);
      expect(body).toMatchObject({ code: 'forbidden' });
      expect(JSON.stringify(body)).not.toContain('nobody should read this');
    });

    it('refuses credentials that are none, whatever their form', async () => {
      for (const header of [
        'Bearer',
        'Bearer ',
        'Basic YTpi',
        'Bearer a b',
        `Bearer ${'x'.repeat(5000)}`,
        'Bearer orc_x',
      ]) {
        await server.http.get('/probe/read').set('Authorization', header).expect(401);
      }
      for (const key of ['', 'orc_unknown', "' OR 1=1 --", 'x'.repeat(5000)]) {
        await server.http.get('/probe/read').set('X-API-Key', key).expect(401);
      }
    });

    it('does not fall back to the cookie when a Bearer token is bad', async () => {
      const { headers } = await server.http.post('/auth/login').send(ADMIN);
      await server.http.get('/probe/read').set('Cookie', cookiesOf(headers)).expect(200);
      await server.http
        .get('/probe/read')
        .set('Cookie', cookiesOf(headers))
        .set(...bearer('x'))
        .expect(401);
    });

    it('lets each role do what the table says and no more', async () => {
      const admin = await tokenOf(server.http);
      const expected = { viewer: [200, 403, 403], member: [200, 201, 403], admin: [200, 201, 200] };
      for (const [role, statuses] of Object.entries(expected)) {
        const user = { email: `${role}@roles.example`, name: role, role, password: `${role} has a password` };
        await server.http
          .post('/users')
          .set(...bearer(admin))
          .send(user)
          .expect(201);
        const token = await tokenOf(server.http, user.email, user.password);
        const answers = [
          await server.http.get('/probe/read').set(...bearer(token)),
          await server.http
            .post('/probe/acts/plain')
            .set(...bearer(token))
            .send({}),
          await server.http.get('/probe/users/1').set(...bearer(token)),
        ];
        expect([role, answers.map(({ status }) => status)]).toEqual([role, statuses]);
      }
    });
  });

  describe('requests of other sites', () => {
    const work = async (headers: Record<string, string>) => {
      const { headers: set } = await server.http.post('/auth/login').send(ADMIN);
      return server.http.post('/probe/acts/plain').set('Cookie', cookiesOf(set)).set(headers).send({});
    };

    it('are refused when they come with the cookie', async () => {
      for (const headers of [
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'http://127.0.0.1:1' },
      ] as Record<string, string>[]) {
        const { status, body } = await work(headers);
        expect([headers, status, (body as { code: string }).code]).toEqual([
          headers,
          403,
          'cross_site_request',
        ]);
      }
    });

    it('are told apart from the console’s own', async () => {
      const own = await server.app.getUrl();
      expect((await work({ Origin: own })).status).toBe(201);
      expect((await work({ Origin: own, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(201);
      expect((await work({})).status).toBe(201);
    });

    it('do not matter with a Bearer token, which no browser sends by itself', async () => {
      const token = await tokenOf(server.http);
      const request = server.http
        .post('/probe/acts/plain')
        .set(...bearer(token))
        .set('Origin', 'https://app.example');
      await request.send({}).expect(201);
    });
  });

  describe('trusted headers', () => {
    const headers = (id: string, email: string) => ({ 'X-User-Id': id, 'X-User-Email': email });

    it('are nothing where the operator has not turned them on', async () => {
      await server.http.get('/auth/me').set(headers('u1', 'a@proxy.example')).expect(401);
      await server.http.get('/auth/me').set(headers('u1', ADMIN.email)).expect(401);
    });

    it('are nothing from an address that is not a trusted proxy, whatever X-Forwarded-For says', async () => {
      const strict = await startApp(database, {
        authTrustedHeaders: true,
        trustedProxies: ['10.0.0.0/8', '::5'],
      });
      try {
        const request = strict.http.get('/auth/me').set(headers('u1', 'a@proxy.example'));
        await request.set('X-Forwarded-For', '10.0.0.1').expect(401);
      } finally {
        await strict.close();
      }
    });

    describe('turned on, from a trusted proxy', () => {
      let proxied: TestApp;
      beforeAll(async () => {
        proxied = await startApp(database, {
          authTrustedHeaders: true,
          trustedProxies: ['127.0.0.0/8', '::1'],
        });
      });
      afterAll(async () => {
        await proxied.close();
      });
      const me = (id: string, email: string) => proxied.http.get('/auth/me').set(headers(id, email));

      it('make a person met for the first time a member, once', async () => {
        const [first, ...others] = await Promise.all(
          Array.from({ length: 5 }, () => me('u1', 'New@Proxy.example').expect(200)),
        );
        expect(first?.body).toMatchObject({
          email: 'new@proxy.example',
          role: 'member',
          via: 'trusted_header',
        });
        for (const { body } of others) expect(body).toEqual(first?.body);
      });

      it('give an existing account to whom the proxy vouches for', async () => {
        const { body } = await me('the-admin', ADMIN.email).expect(200);
        expect(body).toMatchObject({ email: ADMIN.email, role: 'admin' });
      });

      it('are refused when id and e-mail belong to two accounts', async () => {
        await me('u2', 'two@proxy.example').expect(200);
        await me('u3', 'three@proxy.example').expect(200);
        for (const [id, email] of [
          ['u2', 'three@proxy.example'],
          ['u2', 'fresh@proxy.example'],
          ['u4', 'two@proxy.example'],
        ]) {
          const { body } = await me(id ?? '', email ?? '').expect(409);
          expect(body).toMatchObject({ code: 'identity_conflict' });
        }
      });

      it('are refused without one of them or with a bad e-mail', async () => {
        await proxied.http.get('/auth/me').set('X-User-Id', 'u1').expect(401);
        await proxied.http.get('/auth/me').set('X-User-Email', 'a@proxy.example').expect(401);
        await me('u9', 'not an address').expect(401);
        await me('u'.repeat(300), 'long@proxy.example').expect(401);
      });

      it('do not open a disabled account', async () => {
        await me('u5', 'five@proxy.example').expect(200);
        await database.dataSource.query(
          "UPDATE users SET disabled_at = now() WHERE email = 'five@proxy.example'",
        );
        const deadline = Date.now() + 5_000;
        let status = 200;
        while (status === 200 && Date.now() < deadline) ({ status } = await me('u5', 'five@proxy.example'));
        expect(status).toBe(401);
      });

      it('stand behind a Bearer token that the request also has', async () => {
        const token = await tokenOf(proxied.http);
        const { body } = await me('u1', 'new@proxy.example')
          .set(...bearer(token))
          .expect(200);
        expect(body).toMatchObject({ email: ADMIN.email, via: 'token' });
      });
    });
  });
});
