import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ResetLinkDto } from '../../src/auth/password-resets.dto.js';
import { emailOf, PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';

const NEXT = 'another long passphrase';

describe('a link to set a new password', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
  });
  afterAll(() => api.stop());

  const idOf = async (name: string): Promise<string> => {
    const { body } = await api.admin.get<{ users: { user_id: string; email: string }[] }>('/users');
    return body.users.find(({ email }) => email === emailOf(name))?.user_id ?? '';
  };
  const make = async (name: string): Promise<string> => {
    const answer = await api.admin.post<ResetLinkDto>(`/users/${await idOf(name)}/reset-link`);
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [page, token] = answer.body.reset_url.split('#');
    expect(page).toBe(`${api.url}/orchestrator/reset`);
    return token ?? '';
  };
  const use = (token: string, password = NEXT) =>
    api.nobody.post<{ code: string }>('/auth/reset', { token, new_password: password });
  const signIn = (name: string, password: string) =>
    api.nobody.post('/auth/login', { email: emailOf(name), password });

  it('is good once, ends every sign-in, and survives a password that is refused', async () => {
    const token = await make('member');
    expect(await use(token, 'short')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/new_password' }] },
    });
    expect((await use(token)).status).toBe(204);
    expect((await api.member.get('/auth/me')).status).toBe(401);
    expect((await signIn('member', PASSWORD)).status).toBe(401);
    expect((await signIn('member', NEXT)).status).toBe(200);
    expect(await use(token)).toMatchObject({ status: 403, body: { code: 'reset_link_invalid' } });
  });

  it('is good for one of two who use it at once', async () => {
    const token = await make('other-member');
    const answers = await Promise.all([use(token), use(token), use(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403, 403]);
  });

  it('is good no more after a day, after a newer one, or for an account that is disabled', async () => {
    const old = await make('viewer');
    const newer = await make('viewer');
    expect((await use(old)).status).toBe(403);
    await api.database.dataSource.query(
      `UPDATE password_resets SET expires_at = now() - interval '1 second'`,
    );
    expect((await use(newer)).status).toBe(403);
    const last = await make('viewer');
    await api.admin.patch(`/users/${await idOf('viewer')}`, { disabled: true });
    expect((await use(last)).status).toBe(403);
  });

  it('is kept only as a digest, and made by administrators alone', async () => {
    const token = await make('admin');
    const rows = await api.database.dataSource.query<object[]>('SELECT * FROM password_resets');
    expect(JSON.stringify(rows)).not.toContain(token);
    const outsider = await signIn('other-member', NEXT);
    expect(outsider.status).toBe(200);
    expect((await api.nobody.post(`/users/${await idOf('admin')}/reset-link`)).status).toBe(401);
    expect((await api.admin.post('/users/nobody/reset-link')).status).toBe(404);
    expect((await use('guessed')).status).toBe(403);
  });
});
