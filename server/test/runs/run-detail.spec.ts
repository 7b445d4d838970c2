import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, detail, next, phaseOf, publish } from './run-steps.js';

describe('GET /runs/{run_id}', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'two', [
      {
        name: 'plan',
        title: 'Planning',
        steps: [
          { id: 'a', agent: 'architect', command: 'echo x > "$ORCHESTRATOR_ARTIFACTS/a.md"' },
          { id: 'b', agent: 'data', needs: ['a'], command: 'true' },
          { id: 'c', agent: 'architect', command: 'true' },
        ],
      },
      ...commands({ build: 'true' }),
    ]);
  });

  afterAll(() => api.stop());

  it('shows every phase in order, with null where there is no value yet', async () => {
    const run = await detail(api.member, await createRun(api.member, 'two'));
    expect(run.phases.map((phase) => phase.phase)).toEqual(['plan', 'build']);
    const [plan] = run.phases;
    expect({ ...plan, steps: [] }).toEqual({
      phase: 'plan',
      title: 'Planning',
      status: 'pending',
      attempt: 0,
      optional: false,
      started_at: null,
      completed_at: null,
      duration_seconds: null,
      agent_ids: ['architect', 'data'],
      artifacts_count: 0,
      steps: [],
      gates: [],
      approval: null,
      error: null,
    });
    expect(plan?.steps[1]).toEqual({
      step: 'b',
      agent_id: 'data',
      executor: 'command',
      status: 'pending',
      needs: ['a'],
      tries: 0,
      queued_at: null,
      started_at: null,
      completed_at: null,
      duration_seconds: null,
      summary: null,
      warnings: [],
      error: null,
      task: null,
      deliverables: [],
    });
  });

  it('has all the fields of a run, null where there is no value', async () => {
    const id = await createRun(api.member, 'two');
    const run = await detail(api.member, id);
    expect({ ...run, phases: [], progress: null, owner: null }).toEqual({
      run_id: id,
      profile: 'two',
      profile_version: 1,
      project_name: `run_${id.slice(-8)}`,
      intake: null,
      current_phase: 'plan',
      status: 'running',
      phases: [],
      created_at: run.created_at,
      updated_at: run.created_at,
      completed_at: null,
      total_duration_seconds: null,
      metadata: {},
      parameters: {},
      repository: null,
      owner: null,
      progress: null,
      waiting_on: { kind: 'advance', since: run.created_at, detail: expect.any(String) },
      cost_usd: 0,
      unpriced_calls: 0,
      artifacts_count: 0,
      waived_gates: 0,
      auto_advance: false,
      priority: 0,
      access: 'own',
      archived_at: null,
      failure: null,
      budget: { max_cost_usd: null, max_tokens: null, spent_usd: 0, spent_tokens: 0 },
      links: {
        self: `/runs/${id}`,
        artifacts: `/runs/${id}/artifacts`,
        metrics: `/runs/${id}/metrics`,
        events: `/runs/${id}/events`,
        console: `/orchestrator/runs/${id}`,
      },
    });
  });

  it('tells times, working time and artifacts of what was executed', async () => {
    const id = await createRun(api.member, 'two');
    await next(api.member, id);
    await next(api.member, id);
    const run = await detail(api.member, id);
    const [plan, build] = run.phases;
    expect(plan).toMatchObject({ status: 'completed', attempt: 1, artifacts_count: 1 });
    expect(Date.parse(plan?.completed_at ?? '')).toBeGreaterThanOrEqual(Date.parse(plan?.started_at ?? ''));
    const worked = (Date.parse(plan?.completed_at ?? '') - Date.parse(plan?.started_at ?? '')) / 1000;
    expect(plan?.duration_seconds).toBeCloseTo(worked, 3);
    expect(run.total_duration_seconds).toBeCloseTo(
      (plan?.duration_seconds ?? NaN) + (build?.duration_seconds ?? NaN),
      6,
    );
    expect(run).toMatchObject({ status: 'completed', completed_at: build?.completed_at, waiting_on: null });
    expect(run).toMatchObject({ artifacts_count: 1, progress: { phases_done: 2, ratio: 1 } });
    for (const step of phaseOf(run, 'plan').steps) {
      expect(step).toMatchObject({ status: 'succeeded', tries: 1, error: null });
      expect(step.duration_seconds).toBeGreaterThanOrEqual(0);
    }
  });

  it('has an ETag that If-None-Match takes, and updated_at moves only when the run changes', async () => {
    const id = await createRun(api.member, 'two');
    const first = await api.member.raw(`/runs/${id}`);
    const etag = first.headers.get('etag') ?? '';
    const before = (await first.json()) as { updated_at: string };
    expect(etag).toMatch(/^"[^"]+"$/);
    const same = await api.member.raw(`/runs/${id}`, { headers: { 'If-None-Match': etag } });
    expect([same.status, await same.text()]).toEqual([304, '']);
    await api.member.get(`/runs/${id}/metrics`);
    expect(await next(api.member, id, { wrong: 1 })).toMatchObject({ status: 400 });
    expect(await api.member.post(`/runs/${id}/resume`)).toMatchObject({ status: 409 });
    expect((await detail(api.member, id)).updated_at).toBe(before.updated_at);
    const still = await api.member.raw(`/runs/${id}`, { headers: { 'If-None-Match': etag } });
    expect(still.status).toBe(304);
    await next(api.member, id);
    const moved = await api.member.raw(`/runs/${id}`, { headers: { 'If-None-Match': etag } });
    expect(moved.status).toBe(200);
    const after = (await moved.json()) as { updated_at: string };
    expect(Date.parse(after.updated_at)).toBeGreaterThan(Date.parse(before.updated_at));
  });

  it.each(['/metrics', '/artifacts', '/events'])('has an ETag for its part %s too', async (part) => {
    const id = await createRun(api.member, 'two');
    const etag = (await api.member.raw(`/runs/${id}${part}`)).headers.get('etag') ?? '';
    const headers = { 'If-None-Match': etag };
    expect((await api.member.raw(`/runs/${id}${part}`, { headers })).status).toBe(304);
    await next(api.member, id);
    expect((await api.member.raw(`/runs/${id}${part}`, { headers })).status).toBe(200);
  });

  it('finds no id of another form', async () => {
    const wrong = ['nonsense', 'a%00b', '%F0%9F%9A%80', '1', '00000000-0000-4000-8000-000000000000', "'--"];
    for (const id of [...wrong, '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10']) {
      const { status, body } = await api.admin.get<ProblemDto>(`/runs/${id}`);
      expect({ id, status, code: body.code }).toEqual({ id, status: 404, code: 'not_found' });
      expect(body.detail).toBe(`Run not found: ${decodeURIComponent(id)}`);
    }
  });

  it('reads an id whatever the case of its letters', async () => {
    const id = await createRun(api.member, 'two');
    expect((await api.member.get(`/runs/${id.toUpperCase()}`)).status).toBe(200);
  });
});
