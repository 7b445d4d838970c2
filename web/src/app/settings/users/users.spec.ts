import { ConsolePage, ok, problem } from '../../../testing/console-page';
import { ADMIN, MEMBER } from '../../../testing/fixtures';

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
