import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthBootstrap } from '../../src/auth/auth-bootstrap.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, startApp, tokenOf, type TestApp } from './test-app.js';

describe('users', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  }, 60_000);
  afterAll(async () => {
    await database.drop();
  });

  const describeSignIn = (server: TestApp) =>
    server.app.get(AuthBootstrap, { strict: false }).describeSignIn();
  const tokenIn = (text: string): string => /token: (\S+)$/.exec(text)?.[1] ?? '';

  describe('the first start', () => {
    const first = { email: 'First@Example.org', name: 'First', password: 'the very first password' };

    it('makes an administrator with the one-time token, exactly once', async () => {
      const server = await startApp(database, { adminEmail: null, adminPassword: null });
      try {
        const setup = (token: string, body: object = {}) =>
          server.http.post('/auth/setup').send({ token, ...first, ...body });
        expect((await server.http.get('/auth/status').expect(200)).body).toEqual({ setup_required: true });
        const replaced = tokenIn(await describeSignIn(server));
        const token = tokenIn(await describeSignIn(server));
        expect(token.length).toBeGreaterThan(20);
        await setup('a guess').expect(403);
        await setup(replaced).expect(403);
        await setup(token, { password: 'short' }).expect(400);
        const answers = await Promise.all([
          setup(token),
          setup(token, { email: 'rival@example.org' }),
          setup(token),
        ]);
        expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
        expect((await server.http.get('/auth/status')).body).toEqual({ setup_required: false });
        const { body } = await setup(token).expect(409);
        expect(body).toMatchObject({ code: 'already_set_up' });
        expect(await describeSignIn(server)).not.toContain('token');
      } finally {
        await server.close();
        await database.dataSource.query('DELETE FROM users');
      }
    });

    it('makes the administrator of the environment, and never overwrites one', async () => {
      const server = await startApp(database);
      await tokenOf(server.http);
      expect(await describeSignIn(server)).toContain(ADMIN.email);
      await server.close();
      const again = await startApp(database, { adminPassword: 'another password entirely' });
      try {
        await tokenOf(again.http);
        await again.http
          .post('/auth/login')
          .send({ ...ADMIN, password: 'another password entirely' })
          .expect(401);
      } finally {
        await again.close();
      }
    });
  });

  describe('accounts', () => {
    let server: TestApp;
    let admin: string;
    beforeAll(async () => {
      server = await startApp(database);
      admin = await tokenOf(server.http);
    });
    afterAll(async () => {
      await server.close();
    });

    const create = (body: object) =>
      server.http
        .post('/users')
        .set(...bearer(admin))
        .send(body);
    const patch = (id: string, body: object) =>
      server.http
        .patch(`/users/${id}`)
        .set(...bearer(admin))
        .send(body);
    const adminId = async (): Promise<string> => {
      const { body } = await server.http
        .get('/auth/me')
        .set(...bearer(admin))
        .expect(200);
      return (body as { user_id: string }).user_id;
    };

    it('are made with an e-mail of their own, in one spelling, and show no hash', async () => {
      const ada = { email: 'Ada@Example.org', name: 'Ada', role: 'member', password: 'ada has a password' };
      const { body } = await create(ada).expect(201);
      expect(body).toMatchObject({
        email: 'ada@example.org',
        role: 'member',
        has_password: true,
        disabled_at: null,
      });
      expect(JSON.stringify(body)).not.toContain('argon2');
      const twice = await create({ ...ada, email: 'ADA@example.org' }).expect(409);
      expect(twice.body).toMatchObject({ code: 'email_taken' });
    });

    it('need a good password, a known role and no other fields', async () => {
      const bob = { email: 'bob@example.org', name: 'Bob', role: 'member' };
      for (const password of [
        'short',
        'aaaaaaaaaaaaaaaa',
        'bob@example.org',
        'bobbobbobbob'.slice(0, 6).repeat(3),
      ]) {
        const { body } = await create({ ...bob, password }).expect(400);
        expect(body).toMatchObject({ errors: [{ pointer: '/password' }] });
      }
      await create({ ...bob, role: 'root' }).expect(400);
      await create({ ...bob, id: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11' }).expect(400);
      await create({ ...bob, email: 'nobody' }).expect(400);
    });

    it('are listed by pages, to administrators only', async () => {
      const { body } = await server.http
        .get('/users?limit=1&offset=1')
        .set(...bearer(admin))
        .expect(200);
      expect(body).toMatchObject({ limit: 1, offset: 1, total: expect.any(Number) });
      expect((body as { users: unknown[] }).users).toHaveLength(1);
      await server.http
        .get('/users?limit=0')
        .set(...bearer(admin))
        .expect(400);
      await server.http
        .get('/users?limit=201')
        .set(...bearer(admin))
        .expect(400);
      const ada = await tokenOf(server.http, 'ada@example.org', 'ada has a password');
      await server.http
        .get('/users')
        .set(...bearer(ada))
        .expect(403);
      await server.http
        .patch(`/users/${await adminId()}`)
        .set(...bearer(ada))
        .send({ role: 'viewer' })
        .expect(403);
    });

    it('change only what is given; a new password ends the sign-ins', async () => {
      const { body } = await create({
        email: 'eve@example.org',
        name: 'Eve',
        role: 'viewer',
        password: 'eve has a password',
      });
      const { user_id } = body as { user_id: string };
      const eve = await tokenOf(server.http, 'eve@example.org', 'eve has a password');
      const renamed = await patch(user_id, { name: 'Evelyn' }).expect(200);
      expect(renamed.body).toMatchObject({ name: 'Evelyn', role: 'viewer' });
      await server.http
        .get('/auth/me')
        .set(...bearer(eve))
        .expect(200);
      await patch(user_id, { password: 'eve has a new password' }).expect(200);
      await server.http
        .get('/auth/me')
        .set(...bearer(eve))
        .expect(401);
      await tokenOf(server.http, 'eve@example.org', 'eve has a new password');
      await patch(user_id, { disabled: true }).expect(200);
      await patch(user_id, { disabled: false }).expect(200);
      await tokenOf(server.http, 'eve@example.org', 'eve has a new password');
      await patch(user_id, { name: null }).expect(400);
      await patch('0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11', { name: 'x' }).expect(404);
      await patch('1', { name: 'x' }).expect(404);
    });

    it('always leave one administrator, also when two remove each other at the same time', async () => {
      const id = await adminId();
      expect((await patch(id, { disabled: true }).expect(409)).body).toMatchObject({ code: 'last_admin' });
      await patch(id, { role: 'member' }).expect(409);
      const { body } = await create({
        email: 'second@example.org',
        name: 'S',
        role: 'admin',
        password: 'second has a password',
      });
      const secondId = (body as { user_id: string }).user_id;
      const second = await tokenOf(server.http, 'second@example.org', 'second has a password');
      const answers = await Promise.all([
        patch(secondId, { role: 'member' }),
        server.http
          .patch(`/users/${id}`)
          .set(...bearer(second))
          .send({ role: 'member' }),
      ]);
      const admins = await database.dataSource.query<unknown[]>("SELECT 1 FROM users WHERE role = 'admin'");
      expect(admins).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });
});
