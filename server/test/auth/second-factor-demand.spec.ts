import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { owesSecondFactor, type SecondFactorDemand } from '../../src/auth/domain/second-factor-demand.js';
import type { Role } from '../../src/auth/domain/permissions.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, startApp, tokenOf, type TestApp } from './test-app.js';

describe('a second factor that is demanded', () => {
  const password = 'a password of somebody';
  let database: TestDatabase;
  let lenient: TestApp;
  let strict: TestApp;
  let admin: [string, string];
  let people = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    // Two processes of one installation, one of them before the setting was changed.
    lenient = await startApp(database);
    strict = await startApp(database, { requireSecondFactor: 'everyone' });
    admin = bearer(await tokenOf(lenient.http));
  });
  afterAll(async () => {
    await strict.close();
    await lenient.close();
    await database.drop();
  });

  async function someone(): Promise<{ readonly email: string; readonly auth: [string, string] }> {
    people += 1;
    const email = `person-${String(people)}@example.org`;
    const user = { email, name: 'P', role: 'member', password };
    await lenient.http
      .post('/users')
      .set(...admin)
      .send(user)
      .expect(201);
    return { email, auth: bearer(await tokenOf(strict.http, email, password)) };
  }

  async function setUp(auth: [string, string]): Promise<void> {
    const { body } = await strict.http
      .post('/auth/totp')
      .set(...auth)
      .send({ current_password: password })
      .expect(201);
    const secret = Secret.fromBase32((body as { secret: string }).secret);
    await strict.http
      .post('/auth/totp/confirm')
      .set(...auth)
      .send({ code: new TOTP({ secret }).generate() })
      .expect(200);
  }

  it('closes everything but its own set-up, and says so', async () => {
    const { auth } = await someone();
    const refused = await strict.http.get('/probe/read').set(...auth);
    expect(refused).toMatchObject({ status: 403, body: { code: 'second_factor_required' } });
    expect((refused.body as { detail: string }).detail).toContain('set it up under Settings');
    const me = await strict.http.get('/auth/me').set(...auth);
    expect(me.body).toMatchObject({ owes_second_factor: true, permissions: [] });
    await strict.http
      .post('/api-keys')
      .set(...auth)
      .send({ name: 'way around' })
      .expect(403);
    await lenient.http
      .get('/probe/read')
      .set(...auth)
      .expect(200);
  });

  it('opens everything at once when it is set up', async () => {
    const { auth } = await someone();
    await strict.http
      .get('/probe/read')
      .set(...auth)
      .expect(403);
    await setUp(auth);
    await strict.http
      .get('/probe/read')
      .set(...auth)
      .expect(200);
    const me = await strict.http.get('/auth/me').set(...auth);
    expect(me.body).toMatchObject({ owes_second_factor: false });
  });

  it('stops the API keys of an account that has none, until it has one', async () => {
    const { auth } = await someone();
    const made = await lenient.http
      .post('/api-keys')
      .set(...auth)
      .send({ name: 'k' })
      .expect(201);
    const key = ['X-API-Key', (made.body as { key: string }).key] as const;
    const refused = await strict.http.get('/probe/read').set(...key);
    expect(refused).toMatchObject({ status: 403, body: { code: 'second_factor_required' } });
    await setUp(auth);
    await strict.http
      .get('/probe/read')
      .set(...key)
      .expect(200);
  });

  it('cannot be taken away again by oneself, but by an administrator', async () => {
    const { auth } = await someone();
    await setUp(auth);
    const refused = await strict.http
      .post('/auth/totp/remove')
      .set(...auth)
      .send({ current_password: password });
    expect(refused).toMatchObject({ status: 409, body: { code: 'totp_demanded' } });
    const me = await strict.http.get('/auth/me').set(...auth);
    await lenient.http
      .delete(`/users/${(me.body as { user_id: string }).user_id}/totp`)
      .set(...admin)
      .expect(204);
  });

  it('asks nothing of service accounts', async () => {
    const service = await lenient.http
      .post('/service-accounts')
      .set(...admin)
      .send({ handle: 'robot', name: 'Robot', role: 'member' });
    expect(service.status).toBe(201);
    const { user_id } = service.body as { user_id: string };
    const made = await lenient.http
      .post(`/service-accounts/${user_id}/api-keys`)
      .set(...admin)
      .send({ name: 'k' })
      .expect(201);
    await strict.http
      .get('/probe/read')
      .set('X-API-Key', (made.body as { key: string }).key)
      .expect(200);
  });

  it('asks nothing of a program that somebody without a password let in', async () => {
    const proxied = await startApp(database, { requireSecondFactor: 'everyone', authTrustedHeaders: true });
    const vouched = { 'X-User-Id': 'vouched', 'X-User-Email': 'vouched@example.org' };
    const begun = await proxied.http.post('/auth/device').send({ client_name: 'cli' }).expect(201);
    const { device_code, user_code } = begun.body as { device_code: string; user_code: string };
    await proxied.http
      .post(`/auth/device/codes/${user_code}`)
      .set(vouched)
      .send({ approve: true })
      .expect(204);
    const { body } = await proxied.http.post('/auth/device/token').send({ device_code }).expect(200);
    const token = bearer((body as { access_token: string }).access_token);
    const made = await proxied.http
      .post('/api-keys')
      .set(...token)
      .send({ name: 'cli' })
      .expect(201);
    await proxied.http
      .get('/probe/read')
      .set('X-API-Key', (made.body as { key: string }).key)
      .expect(200);
    await proxied.close();
  });

  it('is asked of the first administrator as well', async () => {
    const auth = bearer(await tokenOf(strict.http, ADMIN.email, ADMIN.password));
    await strict.http
      .get('/probe/read')
      .set(...auth)
      .expect(403);
  });

  it.each<[SecondFactorDemand, Role, boolean]>([
    ['nobody', 'admin', false],
    ['admins', 'admin', true],
    ['admins', 'member', false],
    ['everyone', 'viewer', true],
  ])('of %s is owed by a %s: %s', (demand, role, owed) => {
    expect(owesSecondFactor(demand, { role, byPassword: true, hasFactor: false })).toBe(owed);
    expect(owesSecondFactor(demand, { role, byPassword: false, hasFactor: false })).toBe(false);
    expect(owesSecondFactor(demand, { role, byPassword: true, hasFactor: true })).toBe(false);
  });
});
