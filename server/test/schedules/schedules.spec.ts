import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertHealthy } from '../../src/doctor/doctor.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { RunListDto } from '../../src/runs/dto/run-summary.dto.js';
import { Scheduler } from '../../src/schedules/scheduler.js';
import type { ScheduleDetailDto, ScheduleDto } from '../../src/schedules/schedules.dto.js';
import { closeApiServer, createApiServer } from '../../src/startup/api-server.js';
import { commands, createRun, detail, publish } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import { testConfig } from '../support/test-config.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const YEARLY = '0 0 1 1 *';

describe('schedules', () => {
  let api: TestApp;
  beforeAll(async () => {
    // The tests do the rounds themselves: no process of ROLE=api does any.
    api = await startTestApp({ config: { role: 'api' } });
    await publish(api.admin, 'quick', commands({ only: 'true' }));
  });
  afterAll(() => api.stop());

  const create = async (more: object = {}, client: ApiClient = api.member): Promise<ScheduleDto> => {
    const body = { name: 'nightly', cron: YEARLY, run: { profile: 'quick' }, ...more };
    const answer = await client.post<ScheduleDto>('/schedules', body);
    expect(answer).toMatchObject({ status: 201 });
    return answer.body;
  };
  const show = async (id: string, client: ApiClient = api.member): Promise<ScheduleDetailDto> => {
    const { status, body } = await client.get<ScheduleDetailDto>(`/schedules/${id}`);
    expect(status).toBe(200);
    return body;
  };
  const round = (app = api.app): Promise<void> => app.get(Scheduler).round(new Date());
  /** Makes the next tick due, as if its time had come. */
  const makeDue = (id: string, at = new Date(Date.now() - 1000)): Promise<unknown> =>
    api.database.dataSource.query('UPDATE schedules SET next_run_at = $2 WHERE id = $1', [id, at]);
  const due = async (more: object = {}): Promise<string> => {
    const { schedule_id: id } = await create(more);
    await makeDue(id);
    return id;
  };
  const finish = (runId: string | null | undefined): Promise<unknown> =>
    api.member.post(`/runs/${String(runId)}/cancel`);

  it('say when their ticks come, in their time zone', async () => {
    const { body } = await api.member.post('/schedules/preview', { cron: YEARLY, time_zone: 'Asia/Tokyo' });
    const year = new Date().getUTCFullYear();
    expect(body).toEqual({
      next_times: [0, 1, 2, 3, 4].map((more) => `${String(year + more)}-12-31T15:00:00.000Z`),
    });
    const made = await create({ time_zone: 'Asia/Tokyo' });
    expect(made).toMatchObject({ enabled: true, overlap: 'skip', catch_up: 'once', last_run_id: null });
    expect(made.next_run_at).toBe(made.next_times[0]);
  });

  it('create a run of their owner’s when a tick comes, and tell so', async () => {
    const id = await due({ run: { profile: 'quick', project_name: 'from a schedule', auto_advance: true } });
    await round();
    const schedule = await show(id);
    expect(schedule.ticks).toEqual([
      expect.objectContaining({ outcome: 'started', run_id: schedule.last_run_id, detail: null }),
    ]);
    const run = await detail(api.member, String(schedule.last_run_id));
    expect(run).toMatchObject({
      project_name: 'from a schedule',
      owner: { name: 'member' },
      auto_advance: true,
    });
    const events = await api.member.get<{ events: { type: string; data: unknown }[] }>(
      `/runs/${run.run_id}/events`,
    );
    expect(events.body.events[0]).toMatchObject({ type: 'run.created', data: { schedule_id: id } });
    expect(new Date(String(schedule.next_run_at)).getTime()).toBeGreaterThan(Date.now());
  });

  it('two schedulers on one tick create one run', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => due({ overlap: 'allow' })));
    const values = testConfig(`${api.folder}/other`, api.database.url, { role: 'api' });
    const other = await createApiServer(values, `${api.folder}/no-console`);
    try {
      await Promise.all([round(), round(other), round(), round(other)]);
    } finally {
      await closeApiServer(other);
    }
    const schedules = await Promise.all(ids.map((id) => show(id)));
    expect(schedules.map(({ ticks }) => ticks.map(({ outcome }) => outcome))).toEqual(
      ids.map(() => ['started']),
    );
    const [row] = await api.database.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM run_events
       WHERE type = 'run.created' AND data->>'schedule_id' = ANY ($1::text[])`,
      [ids],
    );
    expect(row?.n).toBe(ids.length);
  });

  it('leave a tick out, wait, or start another while the run before it works', async () => {
    for (const [overlap, outcomes] of [
      ['skip', ['skipped', 'started']],
      ['queue', ['started']],
      ['allow', ['started', 'started']],
    ] as const) {
      const id = await due({ overlap });
      await round();
      const first = (await show(id)).last_run_id;
      await makeDue(id);
      await round();
      const after = await show(id);
      expect([overlap, ...after.ticks.map(({ outcome }) => outcome)]).toEqual([overlap, ...outcomes]);
      await finish(first);
      await round();
      expect((await show(id)).ticks.filter(({ outcome }) => outcome === 'started')).toHaveLength(
        overlap === 'skip' ? 1 : 2,
      );
    }
  });

  it('refuse a tick in words when its run cannot be made any more, and go on with the next', async () => {
    const made = await api.member.putJson('/templates/going', { profile: 'quick', preset: {} });
    expect(made.status).toBe(201);
    const id = await due({ run: { profile: 'quick', template: 'going' } });
    await api.member.delete('/templates/going');
    await round();
    const refused = await show(id);
    expect(refused.ticks).toEqual([
      expect.objectContaining({ outcome: 'refused', run_id: null, detail: 'There is no template going.' }),
    ]);
    await api.member.patch(`/schedules/${id}`, { run: { profile: 'quick' } });
    await makeDue(id);
    await round();
    expect((await show(id)).ticks[0]?.outcome).toBe('started');
  });

  it('do nothing for a person who may not create runs any more', async () => {
    const { body: user } = await api.admin.post<{ user_id: string }>('/users', {
      ...{ email: 'leaver@example.org', name: 'leaver', role: 'member', password: 'a long enough password' },
    });
    const id = await due();
    await api.database.dataSource.query('UPDATE schedules SET owner_id = $2 WHERE id = $1', [
      id,
      user.user_id,
    ]);
    await api.admin.patch(`/users/${user.user_id}`, { disabled: true });
    await round();
    expect((await show(id, api.admin)).ticks).toEqual([
      expect.objectContaining({ outcome: 'refused', detail: expect.stringContaining('may not create runs') }),
    ]);
  });

  it('stop when disabled, count from now when enabled, run at once when asked, and go', async () => {
    const id = await due();
    const { body: off } = await api.member.patch<ScheduleDto>(`/schedules/${id}`, { enabled: false });
    expect(off).toMatchObject({ enabled: false, next_run_at: null, next_times: [] });
    await round();
    expect((await show(id)).ticks).toEqual([]);
    const started = await api.member.post<RunDetailDto>(`/schedules/${id}/run`);
    expect(started.status).toBe(201);
    expect(await show(id)).toMatchObject({
      last_run_id: started.body.run_id,
      ticks: [{ outcome: 'started' }],
    });
    const { body: on } = await api.member.patch<ScheduleDto>(`/schedules/${id}`, { enabled: true });
    expect(new Date(String(on.next_run_at)).getTime()).toBeGreaterThan(Date.now());
    expect((await api.member.delete(`/schedules/${id}`)).status).toBe(204);
    expect((await api.member.get(`/schedules/${id}`)).status).toBe(404);
    expect((await detail(api.member, started.body.run_id)).status).toBe('running');
  });

  it('are their owner’s and the administrators’', async () => {
    const { schedule_id: id } = await create();
    for (const client of [api.otherMember, api.viewer]) {
      const status = client === api.viewer ? 403 : 404;
      expect((await client.get(`/schedules/${id}`)).status).toBe(status);
      expect((await client.patch(`/schedules/${id}`, { name: 'mine' })).status).toBe(status);
      expect((await client.post(`/schedules/${id}/run`)).status).toBe(status);
      expect((await client.delete(`/schedules/${id}`)).status).toBe(status);
    }
    const { body } = await api.otherMember.get<{ schedules: ScheduleDto[] }>('/schedules');
    expect(body.schedules).toEqual([]);
    const all = await api.admin.get<{ schedules: ScheduleDto[] }>('/schedules');
    expect(all.body.schedules.map((schedule) => schedule.schedule_id)).toContain(id);
  });

  it.each([
    [{ cron: 'every day' }, '/cron'],
    [{ cron: '* * * * * *' }, '/cron'],
    [{ time_zone: 'Mars/Olympus' }, '/time_zone'],
    [{ run: { profile: 'quick', project_nam: 'x' } }, '/run/project_nam'],
    [{ run: { profile: 'nowhere' } }, '/run/profile'],
    [{ run: { profile: 'quick', parameters: { unknown: 1 } } }, '/run/parameters/unknown'],
    [{ run: { profile: 'quick', template: 'nowhere' } }, '/run/template'],
    [{ overlap: 'maybe' }, '/overlap'],
    [{ time_zone: null }, '/time_zone'],
  ])('are refused with %j, with a pointer', async (wrong, pointer) => {
    const body = { name: 'n', cron: YEARLY, run: { profile: 'quick' }, ...wrong };
    const answer = await api.member.post<{ errors: { pointer: string }[] }>('/schedules', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer);
  });
});

describe('templates', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'quick', commands({ only: 'true' }));
  });
  afterAll(() => api.stop());

  const preset = {
    intake: 'Look at everything.',
    metadata: { team: 'core' },
    budget: { max_cost_usd: 5 },
    priority: 3,
  };

  it('give a run what it says nothing about', async () => {
    const made = await api.member.putJson('/templates/weekly', {
      profile: 'quick',
      description: 'For Mondays.',
      preset,
    });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'weekly', preset, description: 'For Mondays.' },
    });
    const id = await createRun(api.member, 'quick', { template: 'weekly', metadata: { ticket: 'OPS-1' } });
    expect(await detail(api.member, id)).toMatchObject({
      intake: 'Look at everything.',
      metadata: { team: 'core', ticket: 'OPS-1' },
      budget: { max_cost_usd: 5 },
      priority: 3,
    });
    const bare = await createRun(api.member, 'quick', { template: 'weekly', intake: null });
    expect((await detail(api.member, bare)).intake).toBeNull();
  });

  it('change the clone of a run, and give way to its other edits', async () => {
    await api.member.putJson('/templates/urgent', { profile: 'quick', preset: { ...preset, priority: 50 } });
    const id = await createRun(api.member, 'quick', { intake: 'Its own.', project_name: 'kept' });
    const { body } = await api.member.post<RunDetailDto>(`/runs/${id}/clone`, {
      template: 'urgent',
      intake: 'Edited.',
    });
    expect(await detail(api.member, body.run_id)).toMatchObject({
      ...{ intake: 'Edited.', project_name: 'kept', priority: 50 },
    });
    const { body: plain } = await api.member.post<RunDetailDto>(`/runs/${id}/clone`);
    expect(await detail(api.member, plain.run_id)).toMatchObject({ intake: 'Its own.', priority: 0 });
  });

  it('are changed and removed by who made them and by administrators, and seen by all', async () => {
    await api.member.putJson('/templates/mine', { profile: 'quick', preset: {} });
    expect((await api.otherMember.putJson('/templates/mine', { profile: 'quick', preset })).status).toBe(403);
    expect((await api.otherMember.delete('/templates/mine')).status).toBe(403);
    expect((await api.viewer.putJson('/templates/other', { profile: 'quick', preset })).status).toBe(403);
    expect(await api.viewer.get('/templates/mine')).toMatchObject({ status: 200, body: { preset: {} } });
    expect((await api.admin.putJson('/templates/mine', { profile: 'quick', preset })).status).toBe(200);
    const { body } = await api.viewer.get<{ templates: { name: string }[] }>('/templates');
    expect(body.templates.map(({ name }) => name)).toContain('mine');
    expect((await api.member.delete('/templates/mine')).status).toBe(204);
    expect((await api.member.get('/templates/mine')).status).toBe(404);
  });

  it.each([
    ['Bad-Name', { profile: 'quick', preset: {} }],
    ['ok', { profile: 'nowhere', preset: {} }],
    ['ok', { profile: 'quick', preset: { template: 'other' } }],
    ['ok', { profile: 'quick', preset: { intake: 7 } }],
  ])('are refused as %s with %j', async (name, body) => {
    expect((await api.member.putJson(`/templates/${name}`, body)).status).toBe(400);
  });

  it('are refused for a run where there is none, or one of another profile', async () => {
    await publish(api.admin, 'slow', commands({ only: 'true' }));
    await api.member.putJson('/templates/for_quick', { profile: 'quick', preset: {} });
    for (const body of [
      { profile: 'quick', template: 'nowhere' },
      { profile: 'slow', template: 'for_quick' },
    ]) {
      const answer = await api.member.post('/runs', body);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/template' }] } });
    }
    const { body } = await api.member.get<RunListDto>('/runs?profile=slow');
    expect(body.runs).toEqual([]);
    await assertHealthy(api.database.dataSource);
  });
});
