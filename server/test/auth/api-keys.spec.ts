import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { bearer, startApp, tokenOf, type TestApp } from './test-app.js';

interface CreatedKey {
  readonly api_key_id: string;
  readonly key: string;
  readonly prefix: string;
}

describe('api keys', () => {
  let database: TestDatabase;
  let server: TestApp;
  let admin: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startApp(database);
    admin = await tokenOf(server.http);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await database.drop();
  });

  async function createKey(body: object = {}, token = admin): Promise<CreatedKey> {
    const answer = await server.http
      .post('/api-keys')
      .set(...bearer(token))
      .send({ name: 'build', ...body })
      .expect(201);
    return answer.body as CreatedKey;
  }
  const withKey = (path: string, key: string) => server.http.get(path).set('X-API-Key', key);

  describe('API keys', () => {
    it('are shown once, recognised by their prefix and stored only as a hash', async () => {
      const created = await createKey();
      expect(created.key).toMatch(/^orc_[A-Za-z0-9]{40}$/);
      const { body } = await server.http
        .get('/api-keys')
        .set(...bearer(admin))
        .expect(200);
      expect(JSON.stringify(body)).toContain(created.prefix);
      expect(JSON.stringify(body)).not.toContain(created.key);
      const rows = await database.dataSource.query<unknown[]>(
        'SELECT row_to_json(k)::text AS row FROM api_keys k',
      );
      expect(JSON.stringify(rows)).not.toContain(created.key.slice(14));
    });

    it('sign a caller in, in X-API-Key and as a Bearer, and remember when', async () => {
      const { key, api_key_id } = await createKey();
      const { body } = await withKey('/auth/me', key).expect(200);
      expect(body).toMatchObject({ via: 'api_key', role: 'admin' });
      await server.http
        .get('/auth/me')
        .set(...bearer(key))
        .expect(200);
      const list = await server.http.get('/api-keys').set(...bearer(admin));
      const { api_keys } = list.body as { api_keys: { api_key_id: string; last_used_at: string | null }[] };
      const used = api_keys.find((entry) => entry.api_key_id === api_key_id)?.last_used_at ?? '';
      expect(Math.abs(Date.now() - Date.parse(used))).toBeLessThan(60_000);
    });

    it('are dead at once when revoked, and only their owner can revoke them', async () => {
      const { key, api_key_id } = await createKey();
      await withKey('/auth/me', key).expect(200);
      await server.http
        .post('/users')
        .set(...bearer(admin))
        .send(MEMBER)
        .expect(201);
      const member = await tokenOf(server.http, MEMBER.email, MEMBER.password);
      await server.http
        .delete(`/api-keys/${api_key_id}`)
        .set(...bearer(member))
        .expect(404);
      await withKey('/auth/me', key).expect(200);
      await server.http
        .delete(`/api-keys/${api_key_id}`)
        .set(...bearer(admin))
        .expect(204);
      const { body } = await withKey('/auth/me', key).expect(401);
      expect(body).toMatchObject({ code: 'authentication_required' });
      await server.http
        .delete(`/api-keys/${api_key_id}`)
        .set(...bearer(admin))
        .expect(404);
    });

    it('end when they expire, also while they are remembered', async () => {
      const expires_at = new Date(Date.now() + 1_500).toISOString();
      const { key } = await createKey({ expires_at });
      await withKey('/auth/me', key).expect(200);
      const deadline = Date.now() + 5_000;
      let status = 200;
      while (status === 200 && Date.now() < deadline) ({ status } = await withKey('/auth/me', key));
      expect(status).toBe(401);
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expires_at));
    });

    it('cannot be made with an expiry in the past, an unknown scope or no scope at all', async () => {
      const make = (body: object) =>
        server.http
          .post('/api-keys')
          .set(...bearer(admin))
          .send({ name: 'x', ...body });
      const past = await make({ expires_at: '2020-01-01T00:00:00Z' }).expect(400);
      expect(past.body).toMatchObject({ errors: [{ pointer: '/expires_at' }] });
      await make({ scopes: ['runs:destroy'] }).expect(400);
      await make({ scopes: [] }).expect(400);
      await make({ expires_at: 'tomorrow' }).expect(400);
    });
  });

  describe('scopes', () => {
    it('narrow what the owner may do', async () => {
      const { key } = await createKey({ scopes: ['runs:read'] });
      await withKey('/probe/read', key).expect(200);
      const { body } = await withKey('/probe/users/1', key).expect(403);
      expect((body as { detail: string }).detail).toContain('users:manage');
      const me = await withKey('/auth/me', key).expect(200);
      expect(me.body).toMatchObject({ permissions: ['runs:read'] });
    });

    it('never widen the role of the owner', async () => {
      const member = await memberToken();
      await server.http
        .post('/api-keys')
        .set(...bearer(member))
        .send({ name: 'x', scopes: ['users:manage'] })
        .expect(403);
      const { key } = await createKey({ scopes: ['runs:read', 'runs:create'] }, member);
      const users = await server.http.get('/users').set(...bearer(admin));
      const { user_id } = (users.body as { users: { user_id: string; email: string }[] }).users.find(
        ({ email }) => email === MEMBER.email,
      ) ?? { user_id: '' };
      await server.http.post('/probe/acts/plain').set('X-API-Key', key).send({}).expect(201);
      await server.http
        .patch(`/users/${user_id}`)
        .set(...bearer(admin))
        .send({ role: 'viewer' })
        .expect(200);
      await server.http.post('/probe/acts/plain').set('X-API-Key', key).send({}).expect(403);
      await withKey('/probe/read', key).expect(200);
    });

    it('keep a narrowed key from making a wider one and from the ways into the account', async () => {
      const { key } = await createKey({ scopes: ['runs:read', 'api_keys:own'] });
      const make = (scopes: string[] | null) =>
        server.http.post('/api-keys').set('X-API-Key', key).send({ name: 'x', scopes });
      await make(null).expect(403);
      await make(['users:manage']).expect(403);
      await make(['runs:read']).expect(201);
      await withKey('/auth/sessions', key).expect(403);
      const change = { current_password: 'x', new_password: 'a new and long password' };
      await server.http.post('/auth/password').set('X-API-Key', key).send(change).expect(403);
    });
  });

  const MEMBER = {
    email: 'member@example.org',
    name: 'Member',
    role: 'member',
    password: 'a member has a password',
  };

  async function memberToken(): Promise<string> {
    await server.http
      .post('/users')
      .set(...bearer(admin))
      .send(MEMBER);
    return tokenOf(server.http, MEMBER.email, MEMBER.password);
  }
});
