import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, detail, next, phaseOf, publish, runUntil } from './run-steps.js';

const PLAN =
  '# Scope\n\nWhat is to be built, for whom, and what is not.\n\n# Risks\n\nNone that we know of.\n';

describe('an agent step without a provider', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'agentic', [
      {
        name: 'planning',
        steps: [
          {
            id: 'plan',
            agent: 'architect',
            llm: { role: 'You plan.', task: 'Write the plan.' },
            artifacts: [{ path: 'PRD.md', type: 'prd', required: true, description: 'What and why' }],
          },
        ],
        gates: [{ id: 'complete', artifact: 'PRD.md', min_size: 20, sections: ['Scope', 'Risks'] }],
      },
      { name: 'scan', steps: [{ id: 'remote', agent: 'security', worker: { labels: ['gpu'] } }] },
      ...commands({ end: 'true' }),
    ]);
  });

  afterAll(() => api.stop());

  const upload = (id: string, content: string, client = api.member): Promise<Response> =>
    client.raw(`/runs/${id}/artifacts?phase=planning&step=plan&path=PRD.md`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: content,
    });
  const complete = (id: string, phase = 'planning', step = 'plan', body: object = {}, client = api.member) =>
    client.post<ProblemDto>(`/runs/${id}/phases/${phase}/steps/${step}/complete`, body);
  const waiting = async (): Promise<string> => {
    const id = await createRun(api.member, 'agentic');
    expect((await next(api.member, id, undefined, { Prefer: 'respond-async' })).status).toBe(202);
    return id;
  };

  it('neither fails nor is simulated: the run says that it waits for an agent, and for what', async () => {
    const run = await detail(api.member, await waiting());
    expect(run).toMatchObject({ status: 'running', waiting_on: { kind: 'agent' }, cost_usd: 0 });
    expect(run.waiting_on?.detail).toContain('plan');
    expect(phaseOf(run, 'planning')).toMatchObject({ status: 'in_progress', artifacts_count: 0 });
    expect(phaseOf(run, 'planning').steps[0]).toMatchObject({
      status: 'waiting',
      executor: 'llm',
      task: 'Write the plan.',
      deliverables: [{ path: 'PRD.md', type: 'prd', required: true, description: 'What and why' }],
    });
  });

  it('is completed by a person who has uploaded what it is to deliver, and not before', async () => {
    const id = await waiting();
    const early = await complete(id);
    expect(early).toMatchObject({ status: 409, body: { code: 'deliverables_missing' } });
    expect(early.body.detail).toContain('PRD.md');
    const uploaded = await upload(id, PLAN);
    expect(uploaded.status).toBe(201);
    expect(await uploaded.json()).toMatchObject({
      phase: 'planning',
      path: 'PRD.md',
      artifact_type: 'prd',
      size_bytes: Buffer.byteLength(PLAN),
      step_id: 'plan',
      attempt: 1,
      version: 1,
    });
    const usage = [
      { provider: 'anthropic', model: 'claude-sonnet-4-5', input_tokens: 2000, output_tokens: 1000 },
    ];
    expect(await complete(id, 'planning', 'plan', { summary: 'Done by hand.', usage })).toMatchObject({
      status: 200,
    });
    const run = await runUntil(api.member, id, (seen) => seen.current_phase === 'scan');
    expect(phaseOf(run, 'planning')).toMatchObject({ status: 'completed', artifacts_count: 1 });
    expect(phaseOf(run, 'planning').steps[0]).toMatchObject({
      status: 'succeeded',
      summary: 'Done by hand.',
    });
    expect(phaseOf(run, 'planning').gates[0]).toMatchObject({ gate_id: 'complete', status: 'passed' });
    expect(run.cost_usd).toBe(0.021);
  });

  it('has its deliverables judged like those of any step, and a better one mends the phase', async () => {
    const id = await waiting();
    await upload(id, 'too short');
    await complete(id);
    const blocked = await runUntil(api.member, id, (seen) => seen.status === 'failed');
    expect(blocked.failure).toMatchObject({ code: 'governance_blocked' });
    expect((await next(api.member, id, undefined, { Prefer: 'respond-async' })).status).toBe(202);
    expect(await complete(id)).toMatchObject({ status: 409, body: { code: 'deliverables_missing' } });
    await upload(id, PLAN);
    await complete(id);
    const run = await runUntil(api.member, id, (seen) => seen.current_phase === 'scan');
    expect(phaseOf(run, 'planning')).toMatchObject({ status: 'completed', attempt: 2 });
  });

  it('of a worker says that it waits for a worker, and can be completed by hand too', async () => {
    const id = await waiting();
    await upload(id, PLAN);
    await complete(id);
    await runUntil(api.member, id, (seen) => seen.current_phase === 'scan');
    await next(api.member, id, undefined, { Prefer: 'respond-async' });
    expect((await detail(api.member, id)).waiting_on).toMatchObject({ kind: 'worker' });
    expect(await complete(id, 'scan', 'remote')).toMatchObject({ status: 200 });
    await runUntil(api.member, id, (seen) => seen.current_phase === 'end');
  });

  it('refuses what does not wait, is unknown or wrong, with a clear answer', async () => {
    const id = await createRun(api.member, 'agentic');
    expect(await complete(id)).toMatchObject({ status: 409, body: { code: 'step_not_waiting' } });
    expect(await complete(id, 'planning', 'nonsense')).toMatchObject({ status: 404 });
    expect(await complete(id, 'nonsense', 'plan')).toMatchObject({ status: 404 });
    await next(api.member, id, undefined, { Prefer: 'respond-async' });
    expect(
      await complete(id, 'planning', 'plan', { usage: [{ provider: 'p', model: 'm', input_tokens: -1 }] }),
    ).toMatchObject({
      status: 400,
      body: {
        errors: expect.arrayContaining([expect.objectContaining({ pointer: '/usage/0/input_tokens' })]),
      },
    });
    expect((await complete(id, 'planning', 'plan', {}, api.otherMember)).status).toBe(404);
    await api.member.post(`/runs/${id}/pause`);
    expect(await complete(id)).toMatchObject({ status: 409, body: { code: 'run_paused' } });
  });
});
