import { ADMIN, aSummary } from '../../testing/fixtures';
import { ConsolePage, ok, problem, unreachable } from '../../testing/console-page';

const RUNS = ok({ runs: [], total: 0, total_capped: false, limit: 50, offset: 0, next_cursor: null });
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('somebody who is not signed in', () => {
  it('is led to sign in, and back to where they wanted to go', async () => {
    page = await ConsolePage.open('/runs?q=pay', null, { 'GET /runs': RUNS });
    expect(page.url).toBe('/login?return=%2Fruns%3Fq%3Dpay');
    page.answer('POST /auth/login', ok({}));
    page.answer('GET /auth/me', ok(ADMIN));
    await page.type('#email', 'ada@example.org');
    await page.type('#password', 'correct horse');
    await page.submit();
    await page.until(() => page.url === '/runs?q=pay');
    expect(page.sent('POST /auth/login')[0]?.body).toEqual({
      email: 'ada@example.org',
      password: 'correct horse',
    });
  });

  it('is told why the sign-in was refused, and keeps what was typed', async () => {
    page = await ConsolePage.open('/login', null, {
      'POST /auth/login': problem(401, 'E-mail or password is wrong.'),
    });
    await page.type('#email', 'ada@example.org');
    await page.type('#password', 'wrong');
    await page.submit();
    expect(page.text).toContain('E-mail or password is wrong.');
    expect(page.field('#email').value).toBe('ada@example.org');
  });

  it('is told what is missing before anything is sent', async () => {
    page = await ConsolePage.open('/login', null);
    await page.type('#email', 'ada');
    await page.submit();
    expect(page.text).toContain('This is not an e-mail address.');
    expect(page.text).toContain('Enter your password.');
    expect(page.sent('POST /auth/login')).toEqual([]);
  });

  it('is never sent to another site by the address', async () => {
    page = await ConsolePage.open('/login?return=//evil.example', null, {
      'POST /auth/login': ok({}),
      'GET /runs': RUNS,
    });
    page.answer('GET /auth/me', ok(ADMIN));
    await page.type('#email', 'ada@example.org');
    await page.type('#password', 'correct horse');
    await page.submit();
    await page.until(() => page.url === '/runs');
  });
});

describe('somebody of whom a second factor is demanded', () => {
  const OWING = { ...ADMIN, permissions: [], owes_second_factor: true };

  it('is led to set it up, whatever page they open, and then to where they wanted to go', async () => {
    page = await ConsolePage.open('/runs?q=pay', OWING, {
      'GET /runs': RUNS,
      'GET /auth/totp': ok({ enabled: false, enabled_at: null, recovery_codes_left: 0 }),
      'POST /auth/totp': ok({ secret: 'ABC', otpauth_url: 'otpauth://totp/x', qr_svg: '<svg/>' }, 201),
      'POST /auth/totp/confirm': ok({ recovery_codes: ['one', 'two'] }),
    });
    expect(page.url).toBe('/second-factor?return=%2Fruns%3Fq%3Dpay');
    expect(page.text).toContain('Your administrator demands one of this account.');
    expect(page.streams).toEqual([]);
    await page.type('#totp-password', 'correct horse');
    await page.submit();
    await page.until(() => page.text.includes('ABC'));
    await page.type('#totp-code', '123456');
    await page.submit();
    await page.until(() => page.text.includes('two'));
    page.answer('GET /auth/me', ok(ADMIN));
    await page.click('I have them');
    await page.until(() => page.url === '/runs?q=pay');
  });
});

describe('somebody with a second factor', () => {
  it('is asked for the code after the password, and for the password again when that took too long', async () => {
    page = await ConsolePage.open('/login', null, {
      'POST /auth/login': problem(401, 'A code is needed.', { code: 'totp_required', totp_ticket: 't1' }),
      'POST /auth/login/totp': problem(401, 'The code is not right.', { code: 'totp_invalid' }),
      'GET /runs': RUNS,
    });
    const password = async () => {
      await page.type('#email', 'ada@example.org');
      await page.type('#password', 'correct horse');
      await page.submit();
      await page.until(() => page.text.includes('Code of your authenticator'));
    };
    await password();
    await page.type('#code', '000000');
    await page.submit();
    await page.until(() => page.text.includes('The code is not right.'));
    expect(page.sent('POST /auth/login/totp')[0]?.body).toEqual({ ticket: 't1', code: '000000' });
    page.answer('POST /auth/login/totp', problem(401, 'Too late.', { code: 'totp_ticket_invalid' }));
    await page.submit();
    await page.until(() => page.text.includes('Too late.') && !page.text.includes('authenticator'));
    await password();
    page.answer('POST /auth/login/totp', ok({}));
    page.answer('GET /auth/me', ok(ADMIN));
    await page.type('#code', '123456');
    await page.submit();
    await page.until(() => page.url === '/runs');
  });
});

describe('an identity provider', () => {
  const provider = { 'GET /auth/oidc': ok({ enabled: true, name: 'id.example.org' }) };

  it('is offered beside the password, and leads back to the page that was wanted', async () => {
    page = await ConsolePage.open('/login?return=%2Fruns%3Fq%3Dpay', null, provider);
    await page.until(() => page.text.includes('Sign in with id.example.org'));
    expect(page.find('a[href^="/auth/oidc"]').getAttribute('href')).toBe(
      '/auth/oidc/login?return_to=%2Forchestrator%2Fruns%3Fq%3Dpay',
    );
  });

  it('is not offered where there is none', async () => {
    page = await ConsolePage.open('/login', null);
    expect(page.text).not.toContain('Sign in with');
  });

  it('that refused somebody is explained', async () => {
    page = await ConsolePage.open('/login?failure=not_admitted', null, provider);
    expect(page.find('[role=alert]').textContent).toContain('None of your groups');
    await page.go('/login?failure=<b>x</b>');
    expect(page.find('[role=alert]').textContent).toContain('The sign-in did not work');
  });
});

describe('a program that waits to be let in', () => {
  const waiting = ok({
    ...{ user_code: 'WDJB-MJHT', client_name: 'the command', address: '192.0.2.7' },
    ...{ created_at: '2026-01-02T03:04:05Z', expires_at: '2026-01-02T03:14:05Z' },
  });

  it('is shown by its code, and allowed only by a click', async () => {
    page = await ConsolePage.open('/device?code=WDJB-MJHT', ADMIN, {
      'GET /auth/device/codes/WDJB-MJHT': waiting,
      'POST /auth/device/codes/WDJB-MJHT': ok(null, 204),
    });
    expect(page.field('#code').value).toBe('WDJB-MJHT');
    expect(page.sent('GET /auth/device/codes/WDJB-MJHT')).toEqual([]);
    await page.submit();
    await page.until(() => page.text.includes('the command'));
    expect(page.text).toContain('192.0.2.7');
    expect(page.sent('POST /auth/device/codes/WDJB-MJHT')).toEqual([]);
    await page.click('Allow');
    await page.until(() => page.text.includes('It is signed in.'));
    expect(page.sent('POST /auth/device/codes/WDJB-MJHT')[0]?.body).toEqual({ approve: true });
  });

  it('can be refused', async () => {
    page = await ConsolePage.open('/device?code=WDJB-MJHT', ADMIN, {
      'GET /auth/device/codes/WDJB-MJHT': waiting,
      'POST /auth/device/codes/WDJB-MJHT': ok(null, 204),
    });
    await page.submit();
    await page.until(() => page.text.includes('the command'));
    await page.click('Refuse');
    await page.until(() => page.text.includes('It was refused.'));
    expect(page.sent('POST /auth/device/codes/WDJB-MJHT')[0]?.body).toEqual({ approve: false });
  });

  it('under no such code is said', async () => {
    page = await ConsolePage.open('/device', ADMIN, {
      'GET /auth/device/codes/XXXX': problem(404, 'Device sign-in not found: XXXX'),
    });
    await page.type('#code', 'XXXX');
    await page.submit();
    await page.until(() => page.text.includes('Device sign-in not found'));
  });
});

describe('the first run', () => {
  it('asks for the token from the terminal and makes the administrator', async () => {
    page = await ConsolePage.open('/runs', null, {
      'GET /auth/status': ok({ setup_required: true }),
      'GET /runs': RUNS,
    });
    expect(page.url).toBe('/setup');
    await page.type('#password', 'short');
    await page.submit();
    expect(page.text).toContain('The password needs at least 12 characters.');
    page.answer('POST /auth/setup', ok({}, 201));
    page.answer('GET /auth/me', ok(ADMIN));
    await page.type('#token', ' the-token ');
    await page.type('#name', 'Ada Lovelace');
    await page.type('#email', 'ada@example.org');
    await page.type('#password', 'correct horse battery');
    await page.submit();
    await page.until(() => page.url === '/runs');
    expect(page.sent('POST /auth/setup')[0]?.body).toMatchObject({
      token: 'the-token',
      name: 'Ada Lovelace',
    });
  });

  it('shows why the token was refused', async () => {
    page = await ConsolePage.open('/setup', null, {
      'GET /auth/status': ok({ setup_required: true }),
      'POST /auth/setup': problem(403, 'The token is not right.'),
    });
    for (const [field, value] of [
      ['#token', 'x'],
      ['#name', 'Ada'],
      ['#email', 'a@b.cc'],
      ['#password', 'correct horse battery'],
    ] as const) {
      await page.type(field, value);
    }
    await page.submit();
    expect(page.text).toContain('The token is not right.');
  });

  it('is over once there is a user', async () => {
    page = await ConsolePage.open('/setup', null);
    expect(page.url).toBe('/login');
  });
});

describe('a session', () => {
  it('that expired is renewed once, and the request repeated', async () => {
    let expired = true;
    page = await ConsolePage.open('/runs', ADMIN, {
      'POST /auth/refresh': () => {
        expired = false;
        return ok({});
      },
      'GET /runs': () =>
        expired
          ? problem(401, 'authentication is needed')
          : ok({ ...(RUNS.body as object), runs: [aSummary()], total: 1 }),
    });
    await page.until(() => page.text.includes('payments'));
    expect(page.sent('POST /auth/refresh')).toHaveLength(1);
    expect(page.url).toBe('/runs');
  });

  it('that cannot be renewed leads to the login page and remembers the place', async () => {
    page = await ConsolePage.open('/profiles', ADMIN, {
      'GET /profiles': problem(401, 'authentication is needed'),
    });
    await page.until(() => page.url === '/login?return=%2Fprofiles');
  });

  it('ends when somebody signs out', async () => {
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': RUNS,
      'POST /auth/oidc/logout': ok({ provider_url: null }),
    });
    page.all('nav > button').at(-1)?.click();
    await page.until(() => page.text.includes('Sign out'));
    await page.click('Sign out');
    await page.until(() => page.url === '/login');
  });
});

describe('a server that does not answer', () => {
  it('is announced, and everything loads by itself when it is back', async () => {
    page = await ConsolePage.open('/runs', ADMIN, {
      'GET /runs': unreachable,
      'GET /profiles': unreachable,
      'GET /approvals': unreachable,
      'GET /costs': unreachable,
      'GET /health/live': unreachable,
    });
    await page.until(() => page.text.includes('Try now'));
    page.answer('GET /runs', ok({ ...(RUNS.body as object), runs: [aSummary()], total: 1 }));
    page.answer('GET /profiles', ok({ profiles: [], total: 0, limit: 200, offset: 0 }));
    page.answer('GET /approvals', ok({ items: [] }));
    page.answer('GET /costs', ok({ rows: [], total: { cost_usd: null } }));
    page.answer('GET /health/live', ok({ status: 'ok' }));
    await page.click('Try now');
    await page.until(() => page.text.includes('payments') && !page.text.includes('Try now'));
  });

  it('keeps the first page waiting until it is there', async () => {
    let away = true;
    const opening = ConsolePage.open('/settings/account', ADMIN, {
      'GET /auth/me': () => (away ? unreachable : ok(ADMIN)),
      'GET /health/live': () => {
        away = false;
        return ok({ status: 'ok' });
      },
    });
    page = await opening;
    expect(page.text).toContain('ada@example.org');
  });
});

describe('the frame of the pages', () => {
  it('switches the theme and remembers it', async () => {
    page = await ConsolePage.open('/runs', ADMIN, { 'GET /runs': RUNS });
    page.control('Theme').click();
    await page.until(() => page.text.includes('As the system'));
    await page.click('Dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
    expect(localStorage.getItem('orchestrator.theme')).toBe('dark');
    page.control('Theme').click();
    await page.until(() => page.text.includes('As the system'));
    await page.click('As the system');
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });

  it('says when an address leads nowhere', async () => {
    page = await ConsolePage.open('/nowhere', ADMIN, { 'GET /runs': RUNS });
    expect(page.text).toContain('There is no such page');
    expect(document.title).toBe('Not found · Orchestrator');
  });
});
