import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { Response } from 'supertest';
import pg from 'pg';
import { ratePolicy } from '../../src/auth/domain/rate-limit.js';
import { RateLimiter } from '../../src/auth/rate-limiter.js';
import { RateWindowsRepository } from '../../src/auth/rate-windows.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, cookiesOf, startApp, tokenOf, type TestApp } from './test-app.js';

describe('rate limit', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 4 });
  }, 60_000);
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  describe('over HTTP', () => {
    const limited = async (changes: object, work: (server: TestApp) => Promise<void>): Promise<void> => {
      // What the test before has used is shared with this one.
      await pool.query('DELETE FROM rate_windows');
      const server = await startApp(database, { rateLimitPerMinute: null, rateLimitBurst: 0, ...changes });
      await work(server).finally(() => server.close());
    };

    it('says 100 a minute for tokens, 600 for the console, and counts down', () =>
      limited({ rateLimitBurst: null }, async (server) => {
        const answer = await server.http.post('/auth/login').send(ADMIN);
        const { access_token } = answer.body as { access_token: string };
        const first = await server.http
          .get('/auth/me')
          .set(...bearer(access_token))
          .expect(200);
        expect(first.headers).toMatchObject({
          'ratelimit-policy': '"token";q=100;w=60, "burst";q=20;w=1',
          ratelimit: expect.stringMatching(/^"token";r=99;t=\d+$/),
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': '99',
        });
        expect(Number(first.headers['x-ratelimit-reset'])).toBeLessThanOrEqual(60);
        const cookie = await server.http.get('/auth/me').set('Cookie', cookiesOf(answer.headers)).expect(200);
        expect(cookie.headers).toMatchObject({ 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '599' });
      }));

    it('refuses what is beyond the limit with 429 and says when to try again', () =>
      limited({ rateLimitPerMinute: 3 }, async (server) => {
        const token = await tokenOf(server.http);
        const { good, refused } = await untilRefused(server, token);
        // Six: where the minute ended in between.
        expect([3, 4, 5, 6]).toContain(good);
        expect(refused.body).toMatchObject({ status: 429, code: 'too_many_requests' });
        expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
        expect(refused.headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'x-ratelimit-limit': '3' });
        await server.http.get('/auth/status').expect(200);
      }));

    it('refuses a burst within one second', () =>
      limited({ rateLimitPerMinute: 1000, rateLimitBurst: 5 }, async (server) => {
        const token = await tokenOf(server.http);
        const burst = Array.from({ length: 30 }, () => server.http.get('/auth/me').set(...bearer(token)));
        const statuses = (await Promise.all(burst)).map(({ status }) => status);
        expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
        expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
      }));

    it('counts no request of a holder of a lease', () =>
      limited({ rateLimitPerMinute: 1 }, async (server) => {
        const token = await tokenOf(server.http);
        for (let request = 0; request < 5; request += 1) {
          const { headers } = await server.http
            .get('/probe/unlimited')
            .set(...bearer(token))
            .expect(200);
          expect(headers['x-ratelimit-limit']).toBeUndefined();
        }
      }));

    it('gives a role that has limits of its own these, and six times as much in the console', () =>
      limited({ rateLimitRoles: new Map([['admin', { perMinute: 7, burst: 4 }]]) }, async (server) => {
        const answer = await server.http.post('/auth/login').send(ADMIN);
        const { access_token } = answer.body as { access_token: string };
        const token = await server.http.get('/auth/me').set(...bearer(access_token));
        expect(token.headers['ratelimit-policy']).toBe('"token";q=7;w=60, "burst";q=4;w=1');
        const cookie = await server.http.get('/auth/me').set('Cookie', cookiesOf(answer.headers));
        expect(cookie.headers['x-ratelimit-limit']).toBe('42');
      }));

    /** Asks until it is refused; twice the limit, where the minute ends in between. */
    async function statuses(most: number, ask: () => Promise<Response>): Promise<number[]> {
      const seen: number[] = [];
      while (seen.length <= 2 * most && seen.at(-1) !== 429) seen.push((await ask()).status);
      return seen;
    }

    it('counts who is not known by their address, whatever they send, and each address by itself', () =>
      limited({ rateLimitPerMinute: 1 }, async (server) => {
        const from = (address: string, path: string, key?: string) =>
          server.http
            .get(path)
            .set('X-Forwarded-For', address)
            .set(key === undefined ? {} : { 'X-API-Key': key });
        const open = await statuses(6, () => from('203.0.113.1', '/auth/status'));
        expect([open[0], open.at(-1)]).toEqual([200, 429]);
        const guesses = await statuses(6, () => from('203.0.113.2', '/auth/me', `orc_${'x'.repeat(43)}`));
        expect([guesses[0], guesses.at(-1)]).toEqual([401, 429]);
        expect(guesses.length).toBeGreaterThan(6);
        const { headers } = await from('203.0.113.3', '/auth/me').expect(401);
        expect(headers).toMatchObject({ 'ratelimit-policy': '"address";q=6;w=60', 'x-ratelimit-limit': '6' });
      }));

    it('counts what is forbidden as well', () =>
      limited({ rateLimitPerMinute: 3 }, async (server) => {
        const auth = bearer(await tokenOf(server.http));
        const { body } = await server.http
          .post('/api-keys')
          .set(...auth)
          .send({ name: 'narrow', scopes: ['runs:read'] });
        const { key } = body as { key: string };
        const seen = await statuses(3, () => server.http.get('/probe/users/x').set('X-API-Key', key));
        expect([seen[0], seen.at(-1)]).toEqual([403, 429]);
      }));

    it('limits nobody where both settings are 0', () =>
      limited({ rateLimitPerMinute: 0 }, async (server) => {
        const token = await tokenOf(server.http);
        const { headers } = await server.http
          .get('/auth/me')
          .set(...bearer(token))
          .expect(200);
        expect(headers['x-ratelimit-limit']).toBeUndefined();
      }));
  });

  describe('between processes', () => {
    const minute = 60_000 * 30_000_000;
    const policy = ratePolicy('token', 10, 0);
    const limiters: RateLimiter[] = [];
    const limiter = (): RateLimiter => {
      const made = new RateLimiter(new RateWindowsRepository(pool));
      limiters.push(made);
      return made;
    };
    afterAll(() => Promise.all(limiters.map((made) => made.onApplicationShutdown())));
    const kind = (from: RateLimiter, user: string, now = minute) => from.take(user, policy, now).verdict.kind;
    const shared = async (user: string): Promise<number> => {
      const { rows } = await pool.query<{ used: number }>('SELECT used FROM rate_windows WHERE key = $1', [
        user,
      ]);
      return rows[0]?.used ?? 0;
    };

    it('counts what each lets through together', async () => {
      const [a, b] = [limiter(), limiter()];
      for (let n = 0; n < 6; n += 1) expect(kind(a, 'u1')).toBe('allowed');
      await until(async () => (await shared('u1')) === 6);
      expect(kind(b, 'u1')).toBe('allowed');
      await until(async () => (await shared('u1')) === 7);
      await until(() => Promise.resolve(b.take('u1', policy, minute).state.usedInMinute > 7));
      let allowed = 0;
      while (kind(b, 'u1') === 'allowed') allowed += 1;
      expect(allowed).toBeLessThanOrEqual(3);
      await until(async () => (await shared('u1')) === 10);
      expect(kind(a, 'someone else')).toBe('allowed');
    });

    it('starts again with the next minute, and forgets the old one', async () => {
      const a = limiter();
      for (let n = 0; n < 10; n += 1) kind(a, 'u2');
      expect(kind(a, 'u2')).toBe('limited');
      await until(async () => (await shared('u2')) === 10);
      expect(kind(a, 'u2', minute + 60_000)).toBe('allowed');
      expect(kind(a, 'u2', minute + 180_000)).toBe('allowed');
      await until(async () => (await shared('u2')) === 1);
    });

    it('goes on alone while counts cannot be shared, and reports them later', async () => {
      await pool.query('ALTER TABLE rate_windows RENAME TO rate_windows_away');
      const a = limiter();
      for (let n = 0; n < 10; n += 1) expect(kind(a, 'u3')).toBe('allowed');
      await until(() => Promise.resolve(a.failing));
      expect(kind(a, 'u3')).toBe('limited');
      await pool.query('ALTER TABLE rate_windows_away RENAME TO rate_windows');
      await until(async () => (await shared('u3')) === 10);
      await until(() => Promise.resolve(!a.failing));
      expect(kind(a, 'u3')).toBe('limited');
    });
  });

  async function untilRefused(server: TestApp, token: string) {
    for (let good = 0; good < 20; good += 1) {
      const answer = await server.http.get('/auth/me').set(...bearer(token));
      if (answer.status === 429) return { good, refused: answer };
    }
    throw new Error('twenty requests were let through');
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('the condition was not met within 5 s');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});
