import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdempotencyKeysRepository } from '../../src/idempotency/idempotency-keys.repository.js';
import { bearer, ProbeController, startApp, tokenOf, type TestApp } from '../auth/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('idempotency', () => {
  let database: TestDatabase;
  let server: TestApp;
  let token: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startApp(database);
    token = await tokenOf(server.http);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await database.drop();
  });
  beforeEach(async () => {
    ProbeController.executions = [];
    ProbeController.gate = Promise.resolve();
    await database.dataSource.query('DELETE FROM idempotency_keys');
  });

  const post = (path: string, key: string, body: object = {}, as = token, on = server) =>
    on.http
      .post(path)
      .set(...bearer(as))
      .set('Idempotency-Key', key)
      .send(body);
  const work = (key: string, body: object = {}, kind = 'plain') => post(`/probe/acts/${kind}`, key, body);
  const executions = (): number => ProbeController.executions.length;
  const waitForExecution = async (): Promise<void> => {
    const deadline = Date.now() + 5_000;
    while (executions() === 0) {
      if (Date.now() > deadline) throw new Error('nothing was executed within 5 s');
      await new Promise(setImmediate);
    }
  };

  describe('the same request again', () => {
    it('gets the first answer with its status and Location, and is not executed', async () => {
      const first = await work('k', { a: 1 }).expect(201);
      const again = await work('k', { a: 1 }).expect(201);
      expect(again.body).toEqual(first.body);
      expect(again.headers['location']).toBe(first.headers['location']);
      expect(again.headers['content-type']).toBe(first.headers['content-type']);
      expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
        undefined,
        'true',
      ]);
      expect(executions()).toBe(1);
    });

    it('gets the first problem again', async () => {
      const first = await work('k', {}, 'conflict').expect(409);
      const again = await work('k', {}, 'conflict').expect(409);
      expect(again.body).toEqual(first.body);
      expect(again.headers['content-type']).toMatch(/application\/problem\+json/);
      await work('t', {}, 'teapot').expect(418);
      expect((await work('t', {}, 'teapot').expect(418)).headers['idempotency-replayed']).toBe('true');
      expect(executions()).toBe(2);
    });

    it('is executed again after a 5xx', async () => {
      await work('k', {}, 'fails-once').expect(500);
      const { headers } = await work('k', {}, 'fails-once').expect(201);
      expect(headers['idempotency-replayed']).toBeUndefined();
      expect(executions()).toBe(2);
    });

    it('is executed once when five come at the same time, and all get the one answer', async () => {
      const answers = await Promise.all(Array.from({ length: 5 }, () => work('k', { a: 1 }).expect(201)));
      expect(executions()).toBe(1);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(4);
    });

    it('is executed once over two processes', async () => {
      const second = await startApp(database);
      try {
        const send = (n: number) => post('/probe/acts/plain', 'k', {}, token, n % 2 === 0 ? server : second);
        const answers = await Promise.all([0, 1, 2, 3].map((n) => send(n).expect(201)));
        expect(executions()).toBe(1);
        expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      } finally {
        await second.close();
      }
    });

    it('is told to come back when the first takes long', async () => {
      const first = await hold(() => work('k'));
      const { body, headers } = await work('k').expect(409);
      expect(body).toMatchObject({ code: 'idempotency_in_progress' });
      expect(headers['retry-after']).toBe('2');
      first.release();
      await first.answer;
      expect(executions()).toBe(1);
    }, 30_000);

    it('gets the answer although the first caller hung up', async () => {
      let release = (): void => undefined;
      ProbeController.gate = new Promise((resolve) => (release = resolve));
      const hangUp = new AbortController();
      const url = `${await server.app.getUrl()}/probe/acts/plain`;
      const headers = {
        Authorization: `Bearer ${token}`,
        'Idempotency-Key': 'k',
        'Content-Type': 'application/json',
      };
      const first = fetch(url, { method: 'POST', headers, body: '{}', signal: hangUp.signal });
      const gone = expect(first).rejects.toThrow();
      await waitForExecution();
      hangUp.abort();
      await gone;
      const second = work('k').then((answer) => answer);
      release();
      expect((await second).headers['idempotency-replayed']).toBe('true');
      expect(executions()).toBe(1);
    });
  });

  describe('a key', () => {
    it('is refused for another body, path or query, also while the first is being executed', async () => {
      const first = await hold(() => work('k', { a: 1 }));
      expect((await work('k', { a: 2 }).expect(422)).body).toMatchObject({ code: 'idempotency_key_reused' });
      first.release();
      await first.answer;
      await work('k', { a: 2 }).expect(422);
      await work('k', { a: 1 }, 'conflict').expect(422);
      await post('/probe/acts/plain?x=1', 'k', { a: 1 }).expect(422);
      expect(executions()).toBe(1);
    });

    it('is its user’s own', async () => {
      const password = 'a member has a password';
      const member = { email: 'member@example.org', name: 'M', role: 'member', password };
      await server.http
        .post('/users')
        .set(...bearer(token))
        .send(member)
        .expect(201);
      const other = await tokenOf(server.http, member.email, password);
      await work('k', { a: 1 }).expect(201);
      const { headers } = await post('/probe/acts/plain', 'k', { a: 2 }, other).expect(201);
      expect(headers['idempotency-replayed']).toBeUndefined();
    });

    it('must be 1 to 255 printable characters', async () => {
      for (const key of ['x'.repeat(256), 'a\tb', 'é']) {
        expect((await work(key).expect(400)).body).toMatchObject({ code: 'invalid_idempotency_key' });
      }
      await work('x'.repeat(255)).expect(201);
      expect(executions()).toBe(1);
    });

    it('counts for 24 hours, and is removed afterwards', async () => {
      await work('k').expect(201);
      await database.dataSource.query(
        "UPDATE idempotency_keys SET created_at = now() - interval '23 hours 59 minutes'",
      );
      expect((await work('k').expect(201)).headers['idempotency-replayed']).toBe('true');
      await database.dataSource.query(
        "UPDATE idempotency_keys SET created_at = now() - interval '24 hours 1 second'",
      );
      expect((await work('k').expect(201)).headers['idempotency-replayed']).toBeUndefined();
      await work('other').expect(201);
      await database.dataSource.query(
        "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'k'",
      );
      const repository = server.app.get(IdempotencyKeysRepository, { strict: false });
      expect(await repository.deleteExpired()).toBe(1);
      expect((await work('other').expect(201)).headers['idempotency-replayed']).toBe('true');
    });

    it('of a crashed execution is free when its lock has run out', async () => {
      const first = await hold(() => work('k'));
      await database.dataSource.query(
        "UPDATE idempotency_keys SET locked_until = now() - interval '1 second'",
      );
      const second = work('k').then((answer) => answer);
      await until(() => executions() === 2);
      first.release();
      const late = await first.answer;
      expect((await second).text).not.toBe(late.text);
      const third = await work('k').expect(201);
      expect(third.text).toBe((await second).text);
    });

    it('means nothing for a GET', async () => {
      const get = () =>
        server.http
          .get('/probe/read')
          .set(...bearer(token))
          .set('Idempotency-Key', 'k');
      await get().expect(200);
      expect((await get().expect(200)).headers['idempotency-replayed']).toBeUndefined();
    });
  });

  it('keeps an answer that shows a secret once encrypted, and can repeat it', async () => {
    const first = await post('/api-keys', 'k', { name: 'x' }).expect(201);
    const { key } = first.body as { key: string };
    const rows = await database.dataSource.query<{ body: Buffer }[]>('SELECT body FROM idempotency_keys');
    expect(rows[0]?.body.length).toBeGreaterThan(key.length);
    expect(rows[0]?.body.includes(key)).toBe(false);
    expect((await post('/api-keys', 'k', { name: 'x' }).expect(201)).body).toEqual(first.body);
  });

  /** Starts a request and returns while it is being executed. */
  async function hold(send: () => PromiseLike<{ text: string }>) {
    let release = (): void => undefined;
    ProbeController.gate = new Promise((resolve) => (release = resolve));
    const answer = Promise.resolve(send());
    await waitForExecution();
    return { answer, release };
  }

  async function until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 5_000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error('the condition was not met within 5 s');
      await new Promise(setImmediate);
    }
  }
});
