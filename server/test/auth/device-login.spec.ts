import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, startApp, tokenOf, type TestApp } from './test-app.js';

interface Begun {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri_complete: string;
}

describe('the sign-in of a program', () => {
  let database: TestDatabase;
  let server: TestApp;
  let person: [string, string];

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startApp(database);
    person = bearer(await tokenOf(server.http));
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await database.drop();
  });
  beforeEach(() => database.dataSource.query('DELETE FROM device_logins'));
  afterEach(() => database.dataSource.query('DELETE FROM login_attempts'));

  async function begin(): Promise<Begun> {
    const { body } = await server.http.post('/auth/device').send({ client_name: 'the command' }).expect(201);
    return body as Begun;
  }

  /** The pause between two questions has passed. */
  const pausePassed = () =>
    database.dataSource.query(`UPDATE device_logins SET polled_at = polled_at - interval '5 seconds'`);

  const ask = async (deviceCode: string): Promise<string> => {
    const { status, body } = await server.http.post('/auth/device/token').send({ device_code: deviceCode });
    return status === 200 ? 'signed in' : `${String(status)} ${(body as { code: string }).code}`;
  };
  const decide = (code: string, approve: boolean) =>
    server.http
      .post(`/auth/device/codes/${code}`)
      .set(...person)
      .send({ approve });

  it('is allowed in the console and gives a sign-in of the person, once', async () => {
    const begun = await begin();
    expect(begun.user_code).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    expect(begun.verification_uri_complete).toMatch(/\/orchestrator\/device\?code=.{9}$/);
    expect(await ask(begun.device_code)).toBe('400 authorization_pending');
    const typed = begun.user_code.toLowerCase().replace('-', ' ');
    const { body: waiting } = await server.http.get(`/auth/device/codes/${typed}`).set(...person);
    expect(waiting).toMatchObject({ user_code: begun.user_code, client_name: 'the command' });
    await decide(typed, true).expect(204);
    const { body, headers } = await server.http
      .post('/auth/device/token')
      .send({ device_code: begun.device_code })
      .expect(200);
    expect(headers['set-cookie']).toBeUndefined();
    const me = await server.http
      .get('/auth/me')
      .set(...bearer((body as { access_token: string }).access_token))
      .expect(200);
    expect(me.body).toMatchObject({ email: ADMIN.email, via: 'token' });
    expect(await ask(begun.device_code)).toBe('400 expired_token');
  });

  it('is given to one of many questions at once', async () => {
    const begun = await begin();
    await decide(begun.user_code, true).expect(204);
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(begun.device_code)));
    expect(answers.filter((answer) => answer === 'signed in')).toHaveLength(1);
  });

  it('is refused in the console', async () => {
    const begun = await begin();
    await decide(begun.user_code, false).expect(204);
    await decide(begun.user_code, true).expect(404);
    expect(await ask(begun.device_code)).toBe('400 access_denied');
  });

  it('is over after its time, for both sides', async () => {
    const begun = await begin();
    await database.dataSource.query(`UPDATE device_logins SET expires_at = now() - interval '1 second'`);
    await decide(begun.user_code, true).expect(404);
    expect(await ask(begun.device_code)).toBe('400 expired_token');
  });

  it('is asked for slowly', async () => {
    const begun = await begin();
    expect(await ask(begun.device_code)).toBe('400 authorization_pending');
    expect(await ask(begun.device_code)).toBe('400 slow_down');
    await pausePassed();
    expect(await ask(begun.device_code)).toBe('400 authorization_pending');
  });

  it('is not decided without a whole credential, nor found by another code', async () => {
    const begun = await begin();
    await server.http.get(`/auth/device/codes/${begun.user_code}`).expect(401);
    const key = await server.http
      .post('/api-keys')
      .set(...person)
      .send({ name: 'narrow', scopes: ['runs:read'] })
      .expect(201);
    await server.http
      .post(`/auth/device/codes/${begun.user_code}`)
      .set('X-API-Key', (key.body as { key: string }).key)
      .send({ approve: true })
      .expect(403);
    await decide('BBBB-BBBB', true).expect(404);
    await decide("' OR 1=1 --", true).expect(404);
    expect(await ask(begun.user_code)).toBe('400 expired_token');
  });

  it('is not begun without bound from one address', async () => {
    for (let n = 0; n < 20; n += 1) await begin();
    const { headers } = await server.http.post('/auth/device').send({ client_name: 'x' }).expect(429);
    expect(headers['retry-after']).toBe('60');
  });
});
