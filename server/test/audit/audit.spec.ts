import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { AuditPageDto, AuditVerificationDto } from '../../src/audit/audit.dto.js';
import { commands, createRun, publish } from '../runs/run-steps.js';
import { ApiClient } from '../support/api-client.js';
import { emailOf, startTestApp, type TestApp } from '../support/test-app.js';

describe('the audit list', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'audited', commands({ only: 'true' }));
  });
  afterAll(() => api.stop());

  const list = async (query = ''): Promise<AuditPageDto> => {
    const { status, body } = await api.admin.get<AuditPageDto>(`/audit${query}`);
    expect(status).toBe(200);
    return body;
  };
  const verify = async (): Promise<AuditVerificationDto> =>
    (await api.admin.get<AuditVerificationDto>('/audit/verify')).body;

  it('tells who did what, when, from where and with what result, of what was refused too', async () => {
    const id = await createRun(api.member, 'audited');
    await api.member.post(`/runs/${id}/pause`, undefined, { 'User-Agent': 'audit test' });
    await api.viewer.post(`/runs/${id}/cancel`);
    await api.otherMember.post(`/runs/${id}/cancel`);
    await api.nobody.post(`/runs/${id}/cancel`);
    const { entries } = await list(`?target=${id}`);
    expect(
      entries.map(({ action, status, actor_name: who, result }) => [action, status, who, result]),
    ).toEqual([
      ['POST /runs/:run_id/cancel', 401, null, 'refused'],
      ['POST /runs/:run_id/cancel', 404, 'other-member', 'failed'],
      ['POST /runs/:run_id/cancel', 403, 'viewer', 'refused'],
      ['POST /runs/:run_id/pause', 200, 'member', 'done'],
    ]);
    expect(entries[3]).toMatchObject({
      target: `/runs/${id}/pause`,
      via: 'token',
      address: expect.stringContaining('127.0.0.1'),
      user_agent: 'audit test',
    });
  });

  it('tells sign-ins that failed, with the address that was tried and never the password', async () => {
    const password = 'a password that nobody has';
    await new ApiClient(api.url, {}).post('/auth/login', { email: emailOf('member'), password });
    const { entries } = await list('?action=/auth/login&result=refused');
    expect(entries[0]).toMatchObject({ target: `/auth/login ${emailOf('member')}`, status: 401 });
    const rows = await api.database.dataSource.query<object[]>('SELECT * FROM audit_entries');
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  it('is silent about what only looks, and about heartbeats', async () => {
    const before = (await list()).entries[0]?.seq;
    await api.member.get('/runs');
    await api.member.post('/profiles/validate', { text: 'x' });
    await api.member.post('/worker/steps/none/heartbeat', { lease_token: 'x' });
    expect((await list()).entries[0]?.seq).toBe(before);
  });

  it('is filtered, paged and exported, formulas made harmless', async () => {
    const formula = '=HYPERLINK("x")';
    await api.member.post(`/runs/${await createRun(api.member, 'audited')}/pause`, undefined, {
      'User-Agent': formula,
    });
    const first = await list('?limit=2');
    expect(first.entries).toHaveLength(2);
    const second = await list(`?limit=2&before=${String(first.next_before)}`);
    expect(second.entries[0]?.seq).toBe((first.entries[1]?.seq ?? 0) - 1);
    expect((await list('?actor=member&result=done')).entries.every(({ result }) => result === 'done')).toBe(
      true,
    );
    expect((await api.admin.get('/audit?result=maybe')).status).toBe(400);
    const csv = await (await api.admin.raw('/audit/export?format=csv')).text();
    expect(csv.split('\r\n')[0]).toBe(
      'seq,at,actor_id,actor_name,via,action,target,status,result,address,user_agent,hash',
    );
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).not.toContain('"=');
    const lines = (await (await api.admin.raw('/audit/export')).text()).trimEnd().split('\n');
    expect(lines).toHaveLength((await verify()).entries);
  });

  it('keeps its order and its chain under many writers at once', async () => {
    const id = await createRun(api.member, 'audited');
    const say = (n: number) => api.member.post(`/runs/${id}/comments`, { body: `comment ${String(n)}` });
    await Promise.all(Array.from({ length: 50 }, (_, n) => say(n)));
    const { entries } = await list(`?target=${id}&limit=200`);
    expect(entries).toHaveLength(50);
    expect(await verify()).toMatchObject({ intact: true, broken_at: null, head: expect.any(String) });
  });

  it('has the entry when the answer is there, of what was done and of what was refused', async () => {
    const { dataSource } = api.database;
    const newest = async (): Promise<unknown> =>
      (
        await dataSource.query<object[]>('SELECT action, status FROM audit_entries ORDER BY seq DESC LIMIT 1')
      )[0];
    const id = await createRun(api.member, 'audited');
    expect(await newest()).toEqual({ action: 'POST /runs', status: 201 });
    await api.viewer.post(`/runs/${id}/cancel`);
    expect(await newest()).toEqual({ action: 'POST /runs/:run_id/cancel', status: 403 });
    await api.nobody.post('/auth/login', { email: emailOf('member'), password: 'wrong' });
    expect(await newest()).toEqual({ action: 'POST /auth/login', status: 401 });
    await api.member.post('/runs', 'no object');
    expect(await newest()).toEqual({ action: 'POST /runs', status: 400 });
    expect(await dataSource.query('SELECT * FROM audit_intents')).toEqual([]);
  });

  it('tells what was begun and never answered, its outcome unknown', async () => {
    const log = api.app.get(AuditLog, { strict: false });
    const begun = {
      ...{ at: new Date('2026-01-02T03:04:05.678Z'), actorId: null, actorName: 'somebody', via: 'token' },
      ...{ action: 'POST /runs', target: '/runs', status: null, address: null, userAgent: null },
    };
    await log.begin(begun);
    await log.findForgotten(begun.at);
    expect((await list('?result=unknown')).entries).toEqual([]);
    await log.findForgotten(new Date(begun.at.getTime() + 1));
    const { entries } = await list('?result=unknown');
    expect(entries).toMatchObject([
      { at: begun.at.toISOString(), actor_name: 'somebody', result: 'unknown' },
    ]);
    expect(JSON.stringify((await list('?result=done&limit=200')).entries)).not.toContain('somebody');
    expect(await verify()).toMatchObject({ intact: true });
    await log.findForgotten(new Date());
    expect((await list('?result=unknown')).entries).toHaveLength(1);
  });

  it('cannot be changed, and shows where somebody changed it all the same', async () => {
    const { dataSource } = api.database;
    for (const sql of [
      'UPDATE audit_entries SET status = 200',
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
    ]) {
      await expect(dataSource.query(sql)).rejects.toThrow('audit entries are not changed');
    }
    await dataSource.query('ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_kept');
    await dataSource.query(`UPDATE audit_entries SET actor_name = 'somebody else' WHERE seq = 5`);
    expect(await verify()).toEqual({ intact: false, entries: 4, broken_at: 5, head: null });
    await dataSource.query('DELETE FROM audit_entries WHERE seq = 3');
    expect(await verify()).toEqual({ intact: false, entries: 2, broken_at: 4, head: null });
  });

  it('is the administrators’ to read', async () => {
    for (const path of ['/audit', '/audit/export', '/audit/verify']) {
      expect((await api.member.get(path)).status).toBe(403);
    }
  });
});
