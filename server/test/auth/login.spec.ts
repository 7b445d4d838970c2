import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, cookiesOf, startApp, tokenOf, type TestApp } from './test-app.js';

describe('login', () => {
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

  beforeEach(async () => {
    await database.dataSource.query('DELETE FROM login_attempts');
  });

  const login = (email: string, password: string) =>
    server.http.post('/auth/login').send({ email, password });

  describe('sign-in', () => {
    it('gives a token that is good for 15 minutes and sets cookies that scripts cannot read', async () => {
      const { body, headers } = await login('ADMIN@Example.org ', ADMIN.password).expect(200);
      expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 900 });
      const [access, refresh] = headers['set-cookie'] as unknown as string[];
      expect(access).toMatch(/^orchestrator_session=.*Path=\/;.*HttpOnly; SameSite=Strict$/);
      expect(refresh).toMatch(/^orchestrator_refresh=.*Path=\/auth;.*HttpOnly; SameSite=Strict$/);
      expect(headers['cache-control']).toBe('no-store');
    });

    it('knows the caller by the token and by the cookie, and says which', async () => {
      const answer = await login(ADMIN.email, ADMIN.password);
      const byToken = await server.http
        .get('/auth/me')
        .set(...bearer((answer.body as { access_token: string }).access_token));
      const byCookie = await server.http.get('/auth/me').set('Cookie', cookiesOf(answer.headers));
      expect(byToken.body).toMatchObject({ email: ADMIN.email, role: 'admin', via: 'token' });
      expect(byCookie.body).toMatchObject({ email: ADMIN.email, role: 'admin', via: 'session' });
      expect((byCookie.body as { permissions: string[] }).permissions).toContain('users:manage');
    });

    it('answers a wrong password, an unknown e-mail and a disabled account with the same words', async () => {
      const admin = await tokenOf(server.http);
      const password = 'some other password';
      const user = await server.http
        .post('/users')
        .set(...bearer(admin))
        .send({ email: 'gone@example.org', name: 'Gone', role: 'member', password })
        .expect(201);
      const { user_id } = user.body as { user_id: string };
      await server.http
        .patch(`/users/${user_id}`)
        .set(...bearer(admin))
        .send({ disabled: true })
        .expect(200);
      const answers = [
        await login(ADMIN.email, 'not the password'),
        await login('nobody@example.org', 'not the password'),
        await login('gone@example.org', password),
      ];
      for (const { status, body } of answers) expect([status, body]).toEqual([401, answers[0]?.body]);
      expect(answers[0]?.body).toMatchObject({ code: 'invalid_credentials', status: 401 });
    });

    it('does as much work for an unknown e-mail as for a wrong password', async () => {
      const work = { known: [] as number[], unknown: [] as number[] };
      for (let round = 0; round < 15; round += 1) {
        work.known.push(await workOf(() => login(ADMIN.email, 'not the password').expect(401)));
        work.unknown.push(await workOf(() => login('nobody-at-all@example.org', 'not it').expect(401)));
        await database.dataSource.query('DELETE FROM login_attempts');
      }
      // The least of each, so that what the process does beside counts for neither.
      const [known, unknown] = [Math.min(...work.known), Math.min(...work.unknown)];
      expect(unknown / known).toBeGreaterThan(0.5);
      expect(unknown / known).toBeLessThan(2);
    });

    it('refuses a body with other fields or types before it looks at the password', async () => {
      const { body } = await server.http
        .post('/auth/login')
        .send({ email: 1, password: 'x', role: 'admin' })
        .expect(400);
      const pointers = (body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
      expect(pointers).toEqual(expect.arrayContaining(['/email', '/role']));
    });

    it('refuses a sign-in that a page of another site sends', async () => {
      const evil = server.http.post('/auth/login').set('Origin', 'https://evil.example');
      const { body } = await evil.send(ADMIN).expect(403);
      expect(body).toMatchObject({ code: 'cross_site_request' });
    });
  });

  describe('throttling', () => {
    it('makes a guesser wait, longer with each failure, in all processes, also with the right password', async () => {
      const other = await startApp(database);
      try {
        const email = 'target@example.org';
        for (let n = 0; n < 5; n += 1) await login(email, 'a guess').expect(401);
        const refused = await other.http.post('/auth/login').send({ email, password: 'a guess' }).expect(429);
        expect(refused.headers['retry-after']).toBe('1');
        expect(refused.body).toMatchObject({ code: 'too_many_attempts' });
        await database.dataSource.query(
          "UPDATE login_attempts SET failures = 9 WHERE key LIKE 'pair:%target%'",
        );
        const later = await login(email, 'a guess').expect(429);
        expect(Number(later.headers['retry-after'])).toBeGreaterThan(10);
      } finally {
        await other.close();
      }
    });

    it('counts simultaneous guesses one by one', async () => {
      const guesses = Array.from({ length: 12 }, () => login('flood@example.org', 'a guess'));
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 401)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(7);
    });

    it('forgets the failures of an account after a good sign-in', async () => {
      for (let n = 0; n < 4; n += 1) await login(ADMIN.email, 'a typing mistake').expect(401);
      await login(ADMIN.email, ADMIN.password).expect(200);
      for (let n = 0; n < 4; n += 1) await login(ADMIN.email, 'a typing mistake').expect(401);
      await login(ADMIN.email, ADMIN.password).expect(200);
    });
  });

  /** Processor time of this process: what other work on the machine takes does not count. */
  async function workOf(work: () => PromiseLike<unknown>): Promise<number> {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }
});
