import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import type { AuditEntryDto, AuditPageDto } from '../../src/audit/audit.dto.js';
import type { ResetLinkDto } from '../../src/auth/password-resets.dto.js';
import { readRoutes } from '../permissions/routes.js';
import { emailOf, PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';

/** Change nothing, or only keep alive what another entry tells. */
const QUIET = [
  ...['POST /profiles/validate', 'POST /schedules/preview', 'POST /runs/estimate', 'POST /auth/device'],
  ...['POST /worker/steps/{id}/heartbeat', 'POST /worker/steps/{id}/logs', 'POST /auth/device/token'],
];
const SECRET = 'a-value-that-no-list-may-hold';
const HOSTILE = { value: SECRET, password: SECRET, token: SECRET, lease_token: SECRET, logout_token: SECRET };

describe('who did what, as the audit list tells it', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp({ config: { trustedProxies: ['127.0.0.0/8'] } });
  });
  afterAll(() => api.stop());

  const newest = async (query = ''): Promise<AuditEntryDto> => {
    const { body } = await api.admin.get<AuditPageDto>(`/audit?limit=1${query}`);
    const [entry] = body.entries;
    if (entry === undefined) throw new Error('The list is empty');
    return entry;
  };
  const login = (name: string) =>
    api.nobody.post('/auth/login', { email: emailOf(name), password: PASSWORD });
  const refreshCookie = (headers: Headers): string =>
    headers
      .getSetCookie()
      .find((cookie) => cookie.includes('refresh'))
      ?.split(';')[0] ?? '';

  it('names the route, the caller and from where, for every route that changes something, and keeps no body', async () => {
    const changing = (await readRoutes()).filter(({ method }) => method !== 'GET');
    const wrong: unknown[] = [];
    for (const { method, path } of changing) {
      const address = path.replaceAll(/\{\w+\}/gu, '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10');
      const before = (await newest()).seq;
      const answer = await api.nobody.raw(address, {
        method,
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'probe',
          'X-Forwarded-For': '203.0.113.9',
        },
        ...(method === 'DELETE' ? {} : { body: JSON.stringify(HOSTILE) }),
      });
      await answer.text();
      const entry = await newest();
      if (QUIET.includes(`${method} ${path}`)) {
        if (entry.seq !== before) wrong.push(entry);
        continue;
      }
      const action = `${method} ${path.replaceAll(/\{(\w+)\}/gu, ':$1')}`;
      const expected = { action, status: answer.status, address: '203.0.113.9', user_agent: 'probe' };
      const { seq, ...told } = entry;
      if (
        seq !== before + 1 ||
        Object.entries(expected).some(([key, value]) => told[key as 'action'] !== value)
      )
        wrong.push({ expected, entry });
    }
    expect(wrong).toEqual([]);
    expect(changing.length).toBeGreaterThan(80);
    expect(await (await api.admin.raw('/audit/export')).text()).not.toContain(SECRET);
  });

  it('says who signed in and out, which no guard knows before', async () => {
    const signedIn = await login('member');
    expect(await newest()).toMatchObject({ action: 'POST /auth/login', actor_name: 'member', status: 200 });
    await api.nobody.post('/auth/logout', undefined, { Cookie: refreshCookie(signedIn.headers) });
    expect(await newest()).toMatchObject({ action: 'POST /auth/logout', actor_name: 'member', status: 204 });
    expect((await newest('&actor=member&action=/auth/login')).status).toBe(200);
  });

  it('says whose sign-in a refresh token that was used twice has ended', async () => {
    const Cookie = refreshCookie((await login('viewer')).headers);
    for (const status of [200, 401])
      expect((await api.nobody.post('/auth/refresh', undefined, { Cookie })).status).toBe(status);
    const target = `/auth/refresh ${emailOf('viewer')}`;
    expect(await newest()).toMatchObject({ target, actor_name: null, status: 401 });
  });

  it('says whose password was set by a link, and keeps no link', async () => {
    const { body } = await api.admin.get<{ users: { user_id: string; email: string }[] }>('/users');
    const id = body.users.find(({ email }) => email === emailOf('other-member'))?.user_id ?? '';
    const link = await api.admin.post<ResetLinkDto>(`/users/${id}/reset-link`);
    const token = link.body.reset_url.split('#')[1] ?? '';
    const answer = await api.nobody.post('/auth/reset', { token, new_password: 'another long passphrase' });
    expect(answer.status).toBe(204);
    const target = `/auth/reset ${emailOf('other-member')}`;
    expect(await newest()).toMatchObject({ target, actor_name: null, status: 204 });
    expect(await (await api.admin.raw('/audit/export')).text()).not.toContain(token);
  });

  it('says whose second factor was tried, and who got in by it', async () => {
    const made = await api.viewer.post<{ secret: string }>('/auth/totp', { current_password: PASSWORD });
    const code = new TOTP({ secret: Secret.fromBase32(made.body.secret) }).generate();
    const factor = await api.viewer.post<{ recovery_codes: string[] }>('/auth/totp/confirm', { code });
    const { body } = await api.nobody.post<{ totp_ticket: string }>('/auth/login', {
      ...{ email: emailOf('viewer'), password: PASSWORD },
    });
    const enter = (tried: string) =>
      api.nobody.post('/auth/login/totp', { ticket: body.totp_ticket, code: tried });
    expect((await enter('000000')).status).toBe(401);
    expect(await newest()).toMatchObject({
      target: `/auth/login/totp ${emailOf('viewer')}`,
      actor_name: null,
    });
    expect((await enter(factor.body.recovery_codes[0] ?? '')).status).toBe(200);
    expect(await newest()).toMatchObject({ actor_name: 'viewer', status: 200 });
  });

  it('tells of a model from where it came, not from where this server calls itself', async () => {
    const { body } = await api.admin.post<{ key: string }>('/api-keys', { name: 'model' });
    const params = { name: 'create_run', arguments: { profile: 'none' } };
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
    await api.nobody.post('/mcp', message, {
      ...{ 'X-API-Key': body.key, Accept: 'application/json, text/event-stream' },
      ...{ 'User-Agent': 'a model', 'X-Forwarded-For': '203.0.113.50' },
    });
    expect(await newest()).toMatchObject({
      ...{ action: 'POST /runs', actor_name: 'admin', via: 'api_key', status: 400 },
      ...{ address: '203.0.113.50', user_agent: 'a model' },
    });
  });

  it('keeps no address of a callback, which is its credential', async () => {
    await api.nobody.post('/callbacks/the-address-itself', { status: 'succeeded' });
    expect(await newest()).toMatchObject({ target: '/callbacks/[redacted]' });
  });

  it('is not filled by addresses that are no route', async () => {
    const before = (await newest()).seq;
    expect((await api.nobody.post('/nothing/here')).status).toBe(404);
    expect((await newest()).seq).toBe(before);
  });
});
