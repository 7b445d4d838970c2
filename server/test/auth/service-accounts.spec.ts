import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/until.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { bearer, startApp, tokenOf, type TestApp } from './test-app.js';

describe('a service account', () => {
  let database: TestDatabase;
  let server: TestApp;
  let admin: [string, string];

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startApp(database);
    admin = bearer(await tokenOf(server.http));
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await database.drop();
  });

  const post = (path: string, body: object) =>
    server.http
      .post(path)
      .set(...admin)
      .send(body);

  async function account(handle: string, role = 'member'): Promise<string> {
    const { body } = await post('/service-accounts', { handle, name: `The ${handle}`, role }).expect(201);
    expect(body).toMatchObject({ kind: 'service', email: `${handle}@service.invalid`, has_password: false });
    return (body as { user_id: string }).user_id;
  }

  async function keyOf(id: string, request: object = {}): Promise<{ api_key_id: string; key: string }> {
    const { body } = await post(`/service-accounts/${id}/api-keys`, { name: 'ci', ...request }).expect(201);
    return body as { api_key_id: string; key: string };
  }

  const me = (key: string) => server.http.get('/auth/me').set('X-API-Key', key);

  it('acts with API keys that administrators make, list and revoke', async () => {
    const id = await account('nightly');
    const { api_key_id: keyId, key } = await keyOf(id);
    const { body } = await me(key).expect(200);
    expect(body).toMatchObject({ name: 'The nightly', role: 'member', via: 'api_key' });
    const keys = await server.http.get(`/service-accounts/${id}/api-keys`).set(...admin);
    expect(keys.body).toMatchObject({ api_keys: [{ api_key_id: keyId, name: 'ci' }] });
    expect(JSON.stringify(keys.body)).not.toContain(key);
    await server.http
      .delete(`/service-accounts/${id}/api-keys/${keyId}`)
      .set(...admin)
      .expect(204);
    await me(key).expect(401);
  });

  it('is narrowed by scopes and expiry of its keys', async () => {
    const id = await account('narrow');
    const narrow = await keyOf(id, { scopes: ['runs:read'] });
    expect(((await me(narrow.key)).body as { permissions: string[] }).permissions).toEqual(['runs:read']);
    await post(`/service-accounts/${id}/api-keys`, { name: 'x', expires_at: '2020-01-01T00:00:00Z' }).expect(
      400,
    );
    const ending = await keyOf(id, { expires_at: '2100-01-01T00:00:00Z' });
    await me(ending.key).expect(200);
    await database.dataSource.query(
      `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [ending.api_key_id],
    );
    // The change was made beside the server: it hears of it a moment later.
    await eventually(
      async () => (await me(ending.key)).status,
      (status) => status === 401,
    );
  });

  it('is listed with the users and can be disabled, which ends its keys at once', async () => {
    const id = await account('leaver');
    const { key } = await keyOf(id);
    const { body } = await server.http.get('/users').set(...admin);
    expect((body as { users: object[] }).users).toContainEqual(
      expect.objectContaining({ user_id: id, kind: 'service' }),
    );
    await server.http
      .patch(`/users/${id}`)
      .set(...admin)
      .send({ disabled: true })
      .expect(200);
    await me(key).expect(401);
  });

  it('can never sign in: no password, no link, no other way to one', async () => {
    const id = await account('closed', 'admin');
    const { key } = await keyOf(id);
    const code = (answer: { status: number; body: unknown }) => [
      answer.status,
      (answer.body as { code: string }).code,
    ];
    const patched = await server.http
      .patch(`/users/${id}`)
      .set(...admin)
      .send({ password: 'a password for a program' });
    expect(code(patched)).toEqual([409, 'service_account']);
    expect(code(await post(`/users/${id}/reset-link`, {}))).toEqual([409, 'service_account']);
    const email = 'closed@service.invalid';
    await server.http.post('/auth/login').send({ email, password: 'a password for a program' }).expect(401);
    const begun = await server.http.post('/auth/device').send({ client_name: 'x' }).expect(201);
    const decided = await server.http
      .post(`/auth/device/codes/${(begun.body as { user_code: string }).user_code}`)
      .set('X-API-Key', key)
      .send({ approve: true });
    expect(code(decided)).toEqual([409, 'service_account']);
    await expect(
      database.dataSource.query(`UPDATE users SET password_hash = 'x' WHERE id = $1`, [id]),
    ).rejects.toThrow('users_service_no_password');
  });

  it('does not count as the last administrator', async () => {
    await account('robot', 'admin');
    const { body } = await server.http.get('/auth/me').set(...admin);
    const own = (body as { user_id: string }).user_id;
    const refused = await server.http
      .patch(`/users/${own}`)
      .set(...admin)
      .send({ role: 'member' })
      .expect(409);
    expect((refused.body as { code: string }).code).toBe('last_admin');
  });

  it('is made by administrators alone, with a handle of its own', async () => {
    await account('taken');
    const again = await post('/service-accounts', { handle: 'taken', name: 'x', role: 'viewer' }).expect(409);
    expect((again.body as { code: string }).code).toBe('service_account_exists');
    for (const handle of ['', '-x', 'A', 'a@b', 'x'.repeat(64)]) {
      await post('/service-accounts', { handle, name: 'x', role: 'viewer' }).expect(400);
    }
    const { key } = await keyOf(await account('plain'));
    await server.http
      .post('/service-accounts')
      .set('X-API-Key', key)
      .send({ handle: 'more', name: 'x', role: 'admin' })
      .expect(403);
  });

  it('its routes are for no account of a person', async () => {
    const { body } = await server.http.get('/auth/me').set(...admin);
    const own = (body as { user_id: string }).user_id;
    await post(`/service-accounts/${own}/api-keys`, { name: 'x' }).expect(404);
    await server.http
      .get(`/service-accounts/${own}/api-keys`)
      .set(...admin)
      .expect(404);
  });
});
