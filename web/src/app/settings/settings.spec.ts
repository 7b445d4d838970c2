import { ConsolePage, ok, problem } from '../../testing/console-page';
import { ADMIN, MEMBER } from '../../testing/fixtures';
import { aProfile, aProfileDetail } from '../../testing/profile-fixtures';

const AT = '2026-11-22T12:00:00.000Z';
const KEY = {
  api_key_id: 'k-1',
  name: 'nightly',
  prefix: 'orc_Xw3',
  scopes: null,
  created_at: AT,
  expires_at: null,
  last_used_at: null,
};
const USERS = ok({
  users: [
    {
      user_id: 'u-1',
      email: 'ada@example.org',
      name: 'Ada',
      role: 'admin',
      kind: 'person',
      has_password: true,
      has_totp: false,
      disabled_at: null,
      created_at: AT,
    },
    {
      user_id: 'u-2',
      email: 'grace@example.org',
      name: 'Grace',
      role: 'member',
      kind: 'person',
      has_password: true,
      has_totp: false,
      disabled_at: null,
      created_at: AT,
    },
    {
      user_id: 'u-3',
      email: 'joan@example.org',
      name: 'Joan',
      role: 'viewer',
      kind: 'person',
      has_password: true,
      has_totp: false,
      disabled_at: AT,
      created_at: AT,
    },
  ],
  total: 3,
  limit: 200,
  offset: 0,
});
let page: ConsolePage;
afterEach(() => {
  page.close();
});

describe('the account', () => {
  it('changes the password', async () => {
    page = await ConsolePage.open('/settings', ADMIN, { 'POST /auth/password': ok(null, 204) });
    expect(page.url).toBe('/settings/account');
    await page.type('#current', 'the present one');
    await page.type('#next', 'a longer and better one');
    await page.submit();
    expect(page.text).toContain('The password was changed.');
    expect(page.field('#next').value).toBe('');
  });

  it('shows why the password was refused', async () => {
    page = await ConsolePage.open('/settings/account', ADMIN, {
      'POST /auth/password': problem(403, 'The present password is wrong.'),
    });
    await page.type('#current', 'x');
    await page.type('#next', 'a longer and better one');
    await page.submit();
    expect(page.text).toContain('The present password is wrong.');
  });
});

describe('the second factor', () => {
  const OFF = ok({ enabled: false, enabled_at: null, recovery_codes_left: 0 });
  const ON = ok({ enabled: true, enabled_at: AT, recovery_codes_left: 10 });
  const enrolment = {
    secret: 'JBSWY3DPEHPK3PXP',
    otpauth_url: 'otpauth://totp/x',
    qr_svg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
  };

  it('is set up with a picture and a code, and shows the recovery codes once', async () => {
    page = await ConsolePage.open('/settings/account', ADMIN, {
      'GET /auth/totp': OFF,
      'POST /auth/totp': ok(enrolment, 201),
      'POST /auth/totp/confirm': ok({ recovery_codes: ['k7m2p-x9q4w', 'aaaaa-bbbbb'] }),
    });
    await page.type('#totp-password', 'correct horse');
    await page.click('Set it up');
    await page.until(() => page.text.includes('JBSWY3DPEHPK3PXP'));
    expect(page.find('img.qr').getAttribute('src')).toMatch(/^data:image\/svg\+xml,%3Csvg/);
    page.answer('GET /auth/totp', ON);
    await page.type('#totp-code', '123456');
    await page.click('Turn it on');
    await page.until(() => page.text.includes('k7m2p-x9q4w'));
    expect(page.sent('POST /auth/totp/confirm')[0]?.body).toEqual({ code: '123456' });
    await page.click('I have them');
    expect(page.text).not.toContain('k7m2p-x9q4w');
    await page.until(() => page.text.includes('10 recovery codes are left'));
  });

  it('is turned off with the password, and says why not', async () => {
    page = await ConsolePage.open('/settings/account', ADMIN, {
      'GET /auth/totp': ON,
      'POST /auth/totp/remove': problem(403, 'The current password is not right.'),
    });
    await page.type('#totp-password', 'wrong');
    await page.click('Turn it off');
    await page.until(() => page.text.includes('The current password is not right.'));
    page.answer('POST /auth/totp/remove', ok(null, 204));
    page.answer('GET /auth/totp', OFF);
    await page.click('Turn it off');
    await page.until(() => page.text.includes('Set it up'));
  });
});

describe('service accounts', () => {
  const service = {
    ...{ user_id: 'u-9', email: 'nightly@service.invalid', name: 'Nightly', role: 'member', kind: 'service' },
    ...{ has_password: false, has_totp: false, disabled_at: null, created_at: AT },
  };
  const list = ok({ users: [service], total: 1, limit: 200, offset: 0 });

  it('are made by administrators', async () => {
    page = await ConsolePage.open('/settings/users', ADMIN, {
      'GET /users': USERS,
      'POST /service-accounts': ok(service, 201),
    });
    await page.type('#service-handle', 'nightly');
    await page.type('#service-name', 'Nightly');
    page.answer('GET /users', list);
    await page.click('Create the service account');
    await page.until(() => page.text.includes('nightly@service.invalid'));
    expect(page.sent('POST /service-accounts')[0]?.body).toEqual({
      ...{ handle: 'nightly', name: 'Nightly', role: 'member' },
    });
    expect(page.text).not.toContain('Reset link');
  });

  it('have API keys of their own, shown once', async () => {
    page = await ConsolePage.open('/settings/users', ADMIN, {
      'GET /users': list,
      'GET /service-accounts/u-9/api-keys': ok({ api_keys: [] }),
      'POST /service-accounts/u-9/api-keys': ok({ ...KEY, key: 'orc_secret' }, 201),
      'DELETE /service-accounts/u-9/api-keys/k-1': ok(null, 204),
    });
    await page.click('Keys');
    await page.until(() => page.text.includes('It has no keys yet.'));
    await page.type('#service-key-name', 'ci');
    await page.type('#service-key-scopes', 'runs:read, runs:create');
    page.answer('GET /service-accounts/u-9/api-keys', ok({ api_keys: [KEY] }));
    await page.click('Make the key');
    await page.until(() => page.text.includes('orc_secret'));
    expect(page.sent('POST /service-accounts/u-9/api-keys')[0]?.body).toEqual({
      ...{ name: 'ci', scopes: ['runs:read', 'runs:create'], expires_at: null },
    });
    await page.click('Revoke');
    expect(page.sent('DELETE /service-accounts/u-9/api-keys/k-1')).toEqual([]);
    page.confirm();
    await page.until(() => page.sent('DELETE /service-accounts/u-9/api-keys/k-1').length === 1);
  });
});

describe('API keys', () => {
  it('are shown once, when they are made', async () => {
    page = await ConsolePage.open('/settings/api-keys', ADMIN, { 'GET /api-keys': ok({ api_keys: [] }) });
    expect(page.text).toContain('No API keys');
    page.answer('POST /api-keys', ok({ ...KEY, key: 'orc_secret' }, 201));
    page.answer('GET /api-keys', ok({ api_keys: [KEY] }));
    await page.type('#key-name', 'nightly');
    await page.type('#key-expires', '2030-01-01');
    await page.submit();
    expect(page.text).toContain('orc_secret');
    expect(page.sent('POST /api-keys')[0]?.body).toMatchObject({ name: 'nightly' });
    await page.click('I have it');
    expect(page.text).not.toContain('orc_secret');
    expect(page.text).toContain('all that I may');
  });

  it('are revoked after a question', async () => {
    page = await ConsolePage.open('/settings/api-keys', ADMIN, {
      'GET /api-keys': ok({ api_keys: [KEY] }),
      'DELETE /api-keys/k-1': ok(null, 204),
    });
    await page.click('Revoke');
    expect(page.text).toContain('Revoke nightly?');
    await page.click('Back');
    await page.until(() => page.all('mat-dialog-container').length === 0);
    expect(page.sent('DELETE /api-keys/k-1')).toEqual([]);
    await page.click('Revoke');
    page.answer('GET /api-keys', ok({ api_keys: [] }));
    page.confirm();
    await page.until(() => page.text.includes('No API keys'));
    expect(page.sent('DELETE /api-keys/k-1')).toHaveLength(1);
  });

  it('that could not be made or revoked say why', async () => {
    page = await ConsolePage.open('/settings/api-keys', ADMIN, {
      'GET /api-keys': ok({ api_keys: [KEY] }),
      'POST /api-keys': problem(400, 'Too many keys.'),
      'DELETE /api-keys/k-1': problem(404, 'The key is gone.'),
    });
    await page.type('#key-name', 'x');
    await page.submit();
    expect(page.text).toContain('Too many keys.');
    await page.click('Revoke');
    page.confirm();
    await page.until(() => page.text.includes('The key is gone.'));
  });
});

describe('users', () => {
  it('are only for administrators', async () => {
    page = await ConsolePage.open('/settings/users', MEMBER);
    expect(page.text).toContain('This page is not open to you');
    expect(page.text).toContain('You are signed in as member');
    expect(document.title).toBe('No access · Orchestrator');
    expect(page.sent('GET /users')).toEqual([]);
  });

  it('are created, given roles, kept out and let in again', async () => {
    page = await ConsolePage.open('/settings/users', ADMIN, {
      'GET /users': USERS,
      'PATCH /users/u-2': ok({}),
      'PATCH /users/u-3': ok({}),
      'POST /users': ok({}, 201),
    });
    expect(page.field('[aria-label="Role of Ada"]').disabled).toBe(true);
    await page.type('[aria-label="Role of Grace"]', 'viewer', 'change');
    await page.click('Keep out');
    await page.click('Let in again');
    expect(page.sent('PATCH /users/u-2').map((request) => request.body as unknown)).toEqual([
      { role: 'viewer' },
      { disabled: true },
    ]);
    expect(page.sent('PATCH /users/u-3')[0]?.body).toEqual({ disabled: false });
    for (const [field, value] of [
      ['name', 'Joan'],
      ['email', 'joan@example.org'],
      ['password', 'correct horse battery'],
    ] as const) {
      await page.type(`#user-${field}`, value);
    }
    await page.submit();
    expect(page.sent('POST /users')[0]?.body).toMatchObject({ name: 'Joan', role: 'member' });
    expect(page.field('#user-name').value).toBe('');
  });

  it('that could not be changed say why', async () => {
    page = await ConsolePage.open('/settings/users', ADMIN, {
      'GET /users': USERS,
      'PATCH /users/u-2': problem(409, 'The last administrator stays.'),
    });
    await page.click('Keep out');
    expect(page.text).toContain('The last administrator stays.');
  });
});

describe('profiles', () => {
  it('are listed with what they need', async () => {
    page = await ConsolePage.open('/profiles', ADMIN, {
      'GET /profiles': ok({ profiles: [aProfile()], total: 1, limit: 200, offset: 0 }),
    });
    expect(page.find('tbody').textContent).toContain('required');
    expect(page.control('Start a run').getAttribute('href')).toBe('/runs/new?profile=self_hardening');
  });

  it('are found by their words, which stand in the address', async () => {
    page = await ConsolePage.open('/profiles?q=mends', ADMIN, {
      'GET /profiles': ok({
        profiles: [
          aProfile({ name: 'zebra', title: 'Zebra', description: 'Counts stripes.' }),
          aProfile({ name: 'yak', title: 'A yak' }),
          aProfile(),
        ],
        ...{ total: 3, limit: 200, offset: 0 },
      }),
    });
    const titles = () =>
      page.all('tbody td a:not([mat-button])').map(({ textContent }) => textContent.trim());
    expect(titles().filter((title) => title !== 'Start a run')).toEqual(['A yak', 'Self-hardening']);
    await page.type('input.find', 'stripes');
    await page.until(() => page.url === '/profiles?q=stripes');
    expect(titles()).toContain('Zebra');
    await page.type('input.find', 'nothing of this');
    await page.until(() => page.text.includes('No profile has these words'));
  });

  it('are read with their steps, gates, versions and text', async () => {
    const versions = [2, 1].map((version) => ({
      name: 'self_hardening',
      version,
      digest: 'd',
      origin: 'api',
      published_by: null,
      published_at: AT,
    }));
    page = await ConsolePage.open('/profiles/self_hardening', ADMIN, {
      'GET /profiles/self_hardening': ok(aProfileDetail()),
      'GET /profiles/self_hardening/versions': ok({ versions, total: 2, limit: 200, offset: 0 }),
      'GET /profiles/self_hardening/versions/2': ok({ ...aProfileDetail(), version: 2, title: 'Second' }),
    });
    for (const words of [
      'scan',
      '30 m 00 s',
      'no secrets in any output',
      'blocks',
      'optional',
      'parameters.deep',
    ]) {
      expect(page.text).toContain(words);
    }
    await page.until(() => page.text.includes('name: self_hardening'));
    await page.click('v2');
    await page.until(() => page.text.includes('Second'));
  });

  it('that do not exist say so, and failures a way on', async () => {
    page = await ConsolePage.open('/profiles/nothing', ADMIN);
    expect(page.text).toContain('There is no such profile');
    page.answer('GET /profiles/broken', problem(500, 'Internal error'));
    await page.go('/profiles/broken');
    page.answer('GET /profiles/broken', ok({ ...aProfileDetail(), name: 'broken' }));
    await page.click('Try again');
    expect(page.text).toContain('no secrets in any output');
  });
});

describe('the inbox', () => {
  it('lists what waits for a person, with the way there', async () => {
    const waiting = (kind: 'approval' | 'agent', reason: string | null) => ({
      ...{ run_id: kind, project_name: `p-${kind}`, profile: 'self_hardening', phase: 'test', step: 's' },
      ...{ kind, since: AT, may_act: reason === null, reason },
    });
    page = await ConsolePage.open('/approvals', ADMIN, {
      'GET /approvals': ok({
        items: [
          { ...waiting('approval', 'You have decided already.'), run_id: 'other' },
          waiting('approval', null),
          waiting('agent', null),
        ],
      }),
    });
    expect(page.control('Review').getAttribute('href')).toBe('/runs/approval/phases?phase=test&step=s');
    expect(page.control('Deliver').getAttribute('href')).toBe('/runs/agent/phases?phase=test&step=s');
    expect(page.all('tbody tr').at(-1)?.textContent).toContain('Not for you: You have decided already.');
    page.answer('GET /approvals', ok({ items: [] }));
    document.dispatchEvent(new Event('visibilitychange'));
    await page.until(() => page.text.includes('Nothing waits for a person'));
  });
});

describe('the secrets', () => {
  const secret = {
    ...{ secret_id: 's-1', name: 'NPM_TOKEN', profile: null, project: 'payments', updated_by: 'u-1' },
    ...{ created_at: AT, updated_at: AT, last_used_at: null },
  };

  it('are stored, given a new value and removed, and never shown', async () => {
    page = await ConsolePage.open('/settings/secrets', ADMIN, { 'GET /secrets': ok({ secrets: [secret] }) });
    expect(page.text).toContain('payments');
    page.answer('POST /secrets', ok(secret, 201));
    await page.type('#secret-name', 'npm token');
    await page.type('#secret-value', 'hunter2');
    await page.submit();
    expect(page.text).toContain('Capital letters, digits and underscores.');
    await page.type('#secret-name', 'OTHER');
    await page.submit();
    await page.until(() => page.sent('POST /secrets').length === 1);
    expect(page.sent('POST /secrets')[0]?.body).toEqual({
      ...{ name: 'OTHER', value: 'hunter2', profile: null, project: null },
    });
    await page.until(() => page.field('#secret-value').value === '');
    page.answer('PUT /secrets/s-1', problem(409, 'Not now.'));
    await page.click('Change');
    await page.type('#secret-value', 'hunter3');
    await page.submit();
    await page.until(() => page.text.includes('Not now.'));
    expect(page.field('#secret-value').value).toBe('hunter3');
    page.answer('DELETE /secrets/s-1', ok(null, 204));
    await page.click('Remove');
    page.confirm();
    await page.until(() => page.sent('DELETE /secrets/s-1').length === 1);
  });
});

describe('the audit list', () => {
  const entry = (seq: number) => ({
    ...{ seq, at: AT, actor_id: null, actor_name: null, via: null, action: 'POST /auth/login', status: 401 },
    ...{ target: '/auth/login eve@example.org', result: 'refused', address: '192.0.2.7', user_agent: 'curl' },
    hash: '00',
  });

  it('is narrowed, read on, verified and exported', async () => {
    page = await ConsolePage.open('/settings/audit', ADMIN, {
      'GET /audit': ok({ entries: [entry(9)], next_before: 9 }),
      'GET /audit/verify': ok({ intact: false, entries: 4, broken_at: 5, head: null }),
    });
    for (const words of ['nobody known', 'eve@example.org', 'refused (401)', '192.0.2.7']) {
      expect(page.text).toContain(words);
    }
    page.answer('GET /audit', ok({ entries: [entry(8)], next_before: null }));
    await page.click('Show older');
    await page.until(() => page.all('tbody tr').length === 2);
    expect(page.sent('GET /audit').at(-1)?.params.get('before')).toBe('9');
    await page.type('#audit-result', 'refused', 'change');
    await page.until(() => page.sent('GET /audit').at(-1)?.params.get('result') === 'refused');
    expect(page.url).toBe('/settings/audit?result=refused');
    expect(page.sent('GET /audit').at(-1)?.params.has('before')).toBe(false);
    expect(page.find('a[download]').getAttribute('href')).toContain(
      '/audit/export?format=csv&result=refused',
    );
    await page.click('Verify the list');
    await page.until(() => page.text.includes('Entry 5 was changed'));
  });
});

describe('a link to set a new password', () => {
  it('is made for a user and shown once', async () => {
    page = await ConsolePage.open('/settings/users', ADMIN, { 'GET /users': USERS });
    const url = 'https://x.test/orchestrator/reset#secret';
    page.answer('POST /users/u-2/reset-link', ok({ reset_url: url, expires_at: AT }, 201));
    await page.click('Reset link');
    await page.until(() => page.text.includes('Give Grace this link'));
    expect(page.text).toContain(url);
  });

  it('sets the password, and says why it could not', async () => {
    page = await ConsolePage.open('/reset#secret', null, {});
    page.answer('POST /auth/reset', problem(403, 'This link was used already.'));
    await page.type('#password', 'a much longer password');
    await page.submit();
    await page.until(() => page.text.includes('This link was used already.'));
    page.answer('POST /auth/reset', ok(null, 204));
    await page.submit();
    await page.until(() => page.text.includes('The new password is set.'));
    expect(page.sent('POST /auth/reset')[1]?.body).toEqual({
      token: 'secret',
      new_password: 'a much longer password',
    });
    page.close();
    page = await ConsolePage.open('/reset', null, {});
    expect(page.text).toContain('This address is not complete');
  });
});
