import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { resealAll } from '../../src/secrets/reseal.js';
import { SecretCipher } from '../../src/secrets/secret-cipher.js';
import { TotpSecrets } from '../../src/auth/totp/totp-secrets.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { ADMIN, bearer, startApp, tokenOf, type TestApp } from './test-app.js';

interface Someone {
  readonly email: string;
  readonly userId: string;
  readonly auth: [string, string];
}
interface Enrolled extends Someone {
  readonly secret: string;
  readonly codes: string[];
}

describe('totp', () => {
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
  beforeEach(() => database.dataSource.query('DELETE FROM login_attempts'));
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Moves the clock alone; timers stay real. */
  const REAL = [
    ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
    ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
  ];
  const later = (seconds: number): void => {
    jest.useFakeTimers({ now: Date.now() + seconds * 1000, doNotFake: REAL });
  };

  const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  const password = 'a password of somebody';
  let people = 0;

  async function someone(): Promise<Someone> {
    people += 1;
    const email = `person-${String(people)}@example.org`;
    const { body } = await server.http
      .post('/users')
      .set(...admin)
      .send({ email, name: 'P', role: 'member', password })
      .expect(201);
    const auth = bearer(await tokenOf(server.http, email, password));
    return { email, userId: (body as { user_id: string }).user_id, auth };
  }

  const begin = (auth: [string, string], current = password) =>
    server.http
      .post('/auth/totp')
      .set(...auth)
      .send({ current_password: current });

  async function enrolled(): Promise<Enrolled> {
    const person = await someone();
    const { body } = await begin(person.auth).expect(201);
    const { secret } = body as { secret: string };
    const confirmed = await server.http
      .post('/auth/totp/confirm')
      .set(...person.auth)
      .send({ code: codeOf(secret) })
      .expect(200);
    // The code of the confirmation is used up.
    later(60);
    return { ...person, secret, codes: (confirmed.body as { recovery_codes: string[] }).recovery_codes };
  }

  const login = (email: string, pass = password) =>
    server.http.post('/auth/login').send({ email, password: pass });
  const second = (ticket: string, code: string) =>
    server.http.post('/auth/login/totp').send({ ticket, code });
  async function ticketOf({ email }: Someone): Promise<string> {
    const { body } = await login(email).expect(401);
    expect((body as { code: string }).code).toBe('totp_required');
    return (body as { totp_ticket: string }).totp_ticket;
  }
  const refusal = async (answer: ReturnType<typeof second>): Promise<string> => {
    const { status, body } = await answer;
    return status === 200 ? 'signed in' : `${String(status)} ${(body as { code: string }).code}`;
  };

  describe('a second factor', () => {
    it('is offered as a secret and a picture, and counts only once it is confirmed', async () => {
      const person = await someone();
      const { body, headers } = await begin(person.auth).expect(201);
      const { secret, otpauth_url: url, qr_svg: svg } = body as Record<string, string>;
      expect(secret).toMatch(/^[A-Z2-7]{32}$/);
      expect(url).toContain(`secret=${String(secret)}`);
      expect(svg).toMatch(/^<svg [^]*<\/svg>$/);
      expect(headers['cache-control']).toBe('no-store');
      await login(person.email).expect(200);
      const wrong = await server.http
        .post('/auth/totp/confirm')
        .set(...person.auth)
        .send({ code: '000000' })
        .expect(400);
      expect((wrong.body as { code: string }).code).toBe('totp_invalid');
      await login(person.email).expect(200);
    });

    it('is kept sealed', async () => {
      const { secret, userId } = await enrolled();
      const rows = await database.dataSource.query<Record<string, unknown>[]>(
        'SELECT sealed_secret, recovery_hashes FROM totp_factors WHERE user_id = $1',
        [userId],
      );
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(rows[0]?.['sealed_secret']).toMatch(/^v1\./);
    });

    it('needs the password to be set up, and only one is had', async () => {
      const person = await someone();
      await begin(person.auth, 'not the password').expect(403);
      const has = await enrolled();
      const { body } = await begin(has.auth).expect(409);
      expect((body as { code: string }).code).toBe('totp_enabled');
    });

    it('ends the other sign-ins when it is turned on', async () => {
      const person = await someone();
      const other = bearer(await tokenOf(server.http, person.email, password));
      const { body } = await begin(person.auth).expect(201);
      await server.http
        .post('/auth/totp/confirm')
        .set(...person.auth)
        .send({ code: codeOf((body as { secret: string }).secret) })
        .expect(200);
      await server.http
        .get('/auth/me')
        .set(...other)
        .expect(401);
      await server.http
        .get('/auth/me')
        .set(...person.auth)
        .expect(200);
    });
  });

  describe('a sign-in with a second factor', () => {
    it('asks for the code after the password, gives no cookie before, and signs in with both', async () => {
      const person = await enrolled();
      const { body, headers } = await login(person.email).expect(401);
      expect(headers['set-cookie']).toBeUndefined();
      const answer = await second(
        (body as { totp_ticket: string }).totp_ticket,
        codeOf(person.secret),
      ).expect(200);
      expect(answer.headers['set-cookie']).toHaveLength(2);
      const token = (answer.body as { access_token: string }).access_token;
      await server.http
        .get('/auth/me')
        .set(...bearer(token))
        .expect(200);
    });

    it('says nothing of the second factor to who does not know the password', async () => {
      const { email } = await enrolled();
      const { body } = await login(email, 'not the password').expect(401);
      expect(body).toMatchObject({ code: 'invalid_credentials' });
      expect(body).not.toHaveProperty('totp_ticket');
    });

    it('takes a code once (replay), also of many requests at once', async () => {
      const person = await enrolled();
      const ticket = await ticketOf(person);
      const code = codeOf(person.secret);
      const answers = await Promise.all(Array.from({ length: 4 }, () => refusal(second(ticket, code))));
      expect(answers.filter((answer) => answer === 'signed in')).toHaveLength(1);
      expect(await refusal(second(await ticketOf(person), code))).toBe('401 totp_invalid');
    });

    it('takes no code that is older than the one before', async () => {
      const person = await enrolled();
      const before = codeOf(person.secret);
      later(30);
      expect(await refusal(second(await ticketOf(person), codeOf(person.secret)))).toBe('signed in');
      expect(await refusal(second(await ticketOf(person), before))).toBe('401 totp_invalid');
    });

    it('takes no code of another time or of another person', async () => {
      const [ada, eve] = [await enrolled(), await enrolled()];
      const old = codeOf(ada.secret);
      later(120);
      expect(await refusal(second(await ticketOf(ada), old))).toBe('401 totp_invalid');
      expect(await refusal(second(await ticketOf(ada), codeOf(eve.secret)))).toBe('401 totp_invalid');
      expect(await refusal(second(await ticketOf(ada), eve.codes[0] ?? ''))).toBe('401 totp_invalid');
    });

    it('slows guessing down, whatever the ticket', async () => {
      const person = await enrolled();
      for (let n = 0; n < 5; n += 1) {
        expect(await refusal(second(await ticketOf(person), '000000'))).toBe('401 totp_invalid');
      }
      const { headers } = await second(await ticketOf(person), codeOf(person.secret)).expect(429);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    });

    it('takes each recovery code once, however it is typed', async () => {
      const person = await enrolled();
      expect(new Set(person.codes).size).toBe(10);
      const typed = ` ${(person.codes[3] ?? '').toUpperCase().replace('-', ' ')} `;
      expect(await refusal(second(await ticketOf(person), typed))).toBe('signed in');
      expect(await refusal(second(await ticketOf(person), typed))).toBe('401 totp_invalid');
      const { body } = await server.http.get('/auth/totp').set(...person.auth);
      expect(body).toMatchObject({ enabled: true, recovery_codes_left: 9 });
    });
  });

  describe('a ticket', () => {
    it('is good for five minutes, for its person, and until the password changes', async () => {
      const [ada, eve] = [await enrolled(), await enrolled()];
      const ticket = await ticketOf(ada);
      const forged = ticket.replace(ada.userId, eve.userId);
      expect(await refusal(second(forged, codeOf(eve.secret)))).toBe('401 totp_ticket_invalid');
      expect(await refusal(second('made-up', codeOf(ada.secret)))).toBe('401 totp_ticket_invalid');
      await server.http
        .patch(`/users/${ada.userId}`)
        .set(...bearer(await tokenOf(server.http)))
        .send({ password: 'another long password' })
        .expect(200);
      expect(await refusal(second(ticket, codeOf(ada.secret)))).toBe('401 totp_ticket_invalid');
      const ofEve = await ticketOf(eve);
      later(301);
      expect(await refusal(second(ofEve, codeOf(eve.secret)))).toBe('401 totp_ticket_invalid');
    });
  });

  describe('without the authenticator', () => {
    it('an administrator removes the factor, and the password is enough again', async () => {
      const person = await enrolled();
      const ticket = await ticketOf(person);
      await server.http
        .delete(`/users/${person.userId}/totp`)
        .set(...person.auth)
        .expect(403);
      const boss = bearer(await tokenOf(server.http));
      await server.http
        .delete(`/users/${person.userId}/totp`)
        .set(...boss)
        .expect(204);
      await server.http
        .get('/auth/me')
        .set(...person.auth)
        .expect(401);
      expect(await refusal(second(ticket, codeOf(person.secret)))).toBe('401 totp_ticket_invalid');
      await login(person.email).expect(200);
      await server.http
        .delete(`/users/${person.userId}/totp`)
        .set(...boss)
        .expect(404);
    });

    it('the person renews the recovery codes and removes the factor with the password', async () => {
      const person = await enrolled();
      const auth = person.auth;
      const send = (path: string, current: string) =>
        server.http
          .post(path)
          .set(...auth)
          .send({ current_password: current });
      await send('/auth/totp/recovery-codes', 'not it').expect(403);
      const { body } = await send('/auth/totp/recovery-codes', password).expect(200);
      const [fresh = ''] = (body as { recovery_codes: string[] }).recovery_codes;
      expect(await refusal(second(await ticketOf(person), person.codes[0] ?? ''))).toBe('401 totp_invalid');
      expect(await refusal(second(await ticketOf(person), fresh))).toBe('signed in');
      await send('/auth/totp/remove', 'not it').expect(403);
      await send('/auth/totp/remove', password).expect(204);
      await login(person.email).expect(200);
    });
  });

  describe('another SECRET_KEY', () => {
    const next = 'another-secret-key-of-this-installation';

    it('opens second factors through the key before it, and after the rotation without it', async () => {
      const person = await enrolled();
      const both = { secretKey: next, previousSecretKey: 'a-secret-key-that-only-the-tests-know' };
      const changed = await startApp(database, both);
      const { body } = await changed.http
        .post('/auth/login')
        .send({ email: person.email, password })
        .expect(401);
      const ticket = (body as { totp_ticket: string }).totp_ticket;
      const code = codeOf(person.secret);
      await changed.http.post('/auth/login/totp').send({ ticket, code }).expect(200);
      const rotate = () => resealAll(changed.app.get(SecretCipher), [changed.app.get(TotpSecrets)]);
      const rotated = await rotate();
      expect(rotated.resealed).toBeGreaterThan(0);
      expect(await rotate()).toEqual({ resealed: 0, unreadable: 0 });
      await changed.close();
      later(60);
      const after = await startApp(database, { secretKey: next });
      const again = await after.http.post('/auth/login').send({ email: person.email, password }).expect(401);
      await after.http
        .post('/auth/login/totp')
        .send({ ticket: (again.body as { totp_ticket: string }).totp_ticket, code: codeOf(person.secret) })
        .expect(200);
      await after.close();
    });
  });

  it('accounts without one sign in as before', async () => {
    const { body } = await login(ADMIN.email, ADMIN.password).expect(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 900 });
  });
});
