import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountCache } from '../../src/auth/account-cache.js';
import type { Principal } from '../../src/auth/domain/principal.js';
import { AuthHousekeeping } from '../../src/auth/auth-housekeeping.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, startApp, tokenOf, type TestApp } from './test-app.js';

describe('what is remembered of a credential', () => {
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

  const principal: Principal = {
    userId: 'u1',
    email: 'a@example.org',
    name: 'A',
    role: 'member',
    via: 'api_key',
    scopes: null,
    owesSecondFactor: false,
    sessionId: null,
  };
  const found = (goodUntil: number | null = null) => Promise.resolve({ principal, goodUntil });
  const cache = (): AccountCache => server.app.get(AccountCache, { strict: false });
  const listener = "application_name = 'orchestrator accounts' AND datname = current_database()";

  it('ends with the credential and after 30 seconds at the latest', async () => {
    await cache().fill('short', 1_000, () => found(2_000));
    expect([cache().get('short', 1_999), cache().get('short', 2_000)]).toEqual([principal, null]);
    await cache().fill('long', 1_000, () => found(99_000));
    expect([cache().get('long', 30_999), cache().get('long', 31_000)]).toEqual([principal, null]);
  });

  it('is not kept where the account changed during the look-up', async () => {
    await cache().fill('k', 0, () => {
      cache().forget('somebody');
      return found();
    });
    expect(cache().get('k', 0)).toBeNull();
  });

  it('is forgotten for the changed account alone', async () => {
    await cache().fill('k1', 0, () => found());
    await cache().fill('k2', 0, () =>
      Promise.resolve({ principal: { ...principal, userId: 'u2' }, goodUntil: null }),
    );
    cache().forget('u1');
    expect([cache().get('k1', 0), cache().get('k2', 0)?.userId]).toEqual([null, 'u2']);
  });

  it('does not survive the loss of the connection that hears of changes, which comes back by itself', async () => {
    await cache().fill('k', 0, () => found());
    const killed = await database.dataSource.query<unknown[]>(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${listener}`,
    );
    expect(killed).toHaveLength(1);
    await until(() => Promise.resolve(cache().get('k', 0) === null));
    const token = await tokenOf(server.http);
    await server.http
      .get('/auth/me')
      .set(...bearer(token))
      .expect(200);
    await until(async () => {
      await cache().fill('again', 0, () => found());
      return cache().get('again', 0) !== null;
    });
    await until(async () => (await listening()) === 1);
    await database.dataSource.query("UPDATE users SET name = 'Another name' WHERE email = $1", [ADMIN.email]);
    await until(async () => {
      const { body } = await server.http.get('/auth/me').set(...bearer(token));
      return (body as { name: string }).name === 'Another name';
    });
  });

  it('removes ended sign-ins and old failures, and leaves the rest', async () => {
    await tokenOf(server.http);
    await tokenOf(server.http);
    await server.http
      .post('/auth/login')
      .send({ ...ADMIN, password: 'wrong' })
      .expect(401);
    const one = 'id = (SELECT id FROM sessions ORDER BY id LIMIT 1)';
    await database.dataSource.query(
      `UPDATE sessions SET expires_at = now() - interval '25 hours' WHERE ${one}`,
    );
    const count = async (table: string): Promise<number> => {
      const rows = await database.dataSource.query<{ n: number }[]>(
        `SELECT count(*)::int AS n FROM ${table}`,
      );
      return rows[0]?.n ?? NaN;
    };
    const before = { sessions: await count('sessions'), attempts: await count('login_attempts') };
    await server.app.get(AuthHousekeeping, { strict: false }).tidy(new Date());
    expect(await count('sessions')).toBe(before.sessions - 1);
    expect(await count('login_attempts')).toBe(before.attempts);
    await database.dataSource.query(
      "UPDATE login_attempts SET last_attempt_at = now() - interval '25 hours'",
    );
    await server.app.get(AuthHousekeeping, { strict: false }).tidy(new Date());
    expect(await count('login_attempts')).toBe(0);
  });

  async function listening(): Promise<number> {
    const rows = await database.dataSource.query<unknown[]>(
      `SELECT 1 FROM pg_stat_activity WHERE ${listener}`,
    );
    return rows.length;
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('the condition was not met within 10 s');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});
