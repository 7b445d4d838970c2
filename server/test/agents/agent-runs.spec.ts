import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ModelAccount } from '../../src/agents/model-account.js';
import type { ProviderDto } from '../../src/providers/provider-answers.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { artifactsOf, createRun, detail, next, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { finish, promptOf, tools, write } from './scripted-agent.js';

describe('runs whose steps are done by agents', () => {
  let api: TestApp;
  let models: ModelServer;
  const made: { readonly client: ApiClient; readonly id: string }[] = [];

  beforeAll(async () => {
    models = await startModelServer();
    api = await startTestApp({ limits: QUICK, config: { allowPrivateAddresses: true } });
    const step = (model: string) => ({
      ...{ id: 'plan', agent: 'architect', retry: { attempts: 2, backoff: '1s' } },
      llm: { role: 'You plan.', task: 'Plan {{ run.project_name }}.', model },
      artifacts: [{ path: 'PRD.md', required: true }],
    });
    await publish(api.admin, 'planned', [{ name: 'planning', steps: [step('default')] }]);
    await publish(api.admin, 'picky', [{ name: 'planning', steps: [step('openai:gpt-5')] }]);
  });

  afterEach(async () => {
    for (const { client, id } of made.splice(0)) await client.delete(`/providers/${id}`);
  });

  afterAll(async () => {
    await api.stop();
    await models.stop();
  });

  const start = async (profile = 'planned', client = api.member): Promise<string> => {
    const id = await createRun(client, profile, { project_name: 'the bridge' });
    expect((await next(client, id, undefined, { Prefer: 'respond-async' })).status).toBe(202);
    return id;
  };
  const provide = async (
    scope: 'own' | 'everyone',
    client = api.admin,
    kind = 'anthropic',
  ): Promise<void> => {
    const { status, body } = await client.post<ProviderDto>('/providers', {
      ...{ kind, name: kind, scope, key: 'k', base_url: models.url, default_model: 'claude-sonnet-4-5' },
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    made.push({ client, id: body.provider_id });
  };
  const ended = (id: string, client = api.member) => runUntil(client, id, (run) => run.status !== 'running');
  const WORK = [tools(write('PRD.md', '# The plan\n')), tools(finish('Planned.'))] as const;

  it('wait without a provider, and are taken up as soon as there is one', async () => {
    models.script(...WORK);
    const id = await start();
    const waiting = await runUntil(api.member, id, (run) => run.waiting_on?.kind === 'agent');
    expect(waiting.waiting_on?.detail).toMatch(/provider.*deliver/u);
    expect(models.requests).toHaveLength(0);
    await provide('everyone');
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'completed', failure: null, waiting_on: null });
    expect(phaseOf(run, 'planning').steps[0]).toMatchObject({ status: 'succeeded', summary: 'Planned.' });
    expect(models.requests.map(promptOf)[0]).toContain('Plan the bridge.');
  });

  it('are done by a provider of their owner, and by nobody else’s', async () => {
    models.script(...WORK);
    const foreign = await start('planned', api.otherMember);
    const own = await start();
    await provide('own', api.member);
    expect(await ended(own)).toMatchObject({ status: 'completed' });
    expect((await detail(api.otherMember, foreign)).waiting_on?.kind).toBe('agent');
    await api.otherMember.post(`/runs/${foreign}/cancel`);
  });

  it('wait for the provider that their profile names', async () => {
    await provide('everyone');
    const id = await start('picky');
    expect((await detail(api.member, id)).waiting_on?.kind).toBe('agent');
    models.script(...WORK);
    await provide('everyone', api.admin, 'openai');
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    expect(models.requests.at(-1)).toMatchObject({ protocol: 'openai', model: 'gpt-5' });
  });

  it('wait on their budget, say why, and go on when it allows', async () => {
    const account = api.app.get(ModelAccount);
    const reserve = account.reserve.bind(account);
    account.reserve = () => Promise.resolve({ kind: 'refused', message: 'The month has 0 US dollars left.' });
    models.script(...WORK);
    await provide('everyone');
    const id = await start();
    const held = await runUntil(api.member, id, (run) => run.waiting_on?.kind === 'budget');
    expect(held.waiting_on?.detail).toBe('The month has 0 US dollars left.');
    expect(phaseOf(held, 'planning').steps[0]?.status).toBe('running');
    account.reserve = reserve;
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'completed', waiting_on: null });
    expect(phaseOf(run, 'planning').steps[0]?.tries).toBe(1);
  });

  it('are cancelled within a call, and keep the transcript of what was done', async () => {
    models.script(WORK[0], { kind: 'hang', text: 'Now I think.' });
    await provide('everyone');
    const asked = models.requests.length;
    const id = await start();
    await runUntil(api.member, id, () => models.requests.length === asked + 2);
    expect((await api.member.post(`/runs/${id}/cancel`)).status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    await runUntil(api.member, id, (run) => phaseOf(run, 'planning').artifacts_count > 0);
    const paths = (await artifactsOf(api.member, id, 'planning')).map(({ path }) => path);
    expect(paths).toContain('transcripts/plan.jsonl');
  });

  it('make no further call while they are paused', async () => {
    const account = api.app.get(ModelAccount);
    const settle = account.settle.bind(account);
    models.script(...WORK);
    await provide('everyone');
    const asked = models.requests.length;
    const id = await createRun(api.member, 'planned', { project_name: 'the bridge' });
    account.settle = async (...call) => {
      await settle(...call);
      account.settle = settle;
      await api.member.post(`/runs/${id}/pause`);
    };
    await next(api.member, id, undefined, { Prefer: 'respond-async' });
    await runUntil(api.member, id, (run) => run.status === 'paused');
    expect(models.requests.length).toBe(asked + 1);
    await api.member.post(`/runs/${id}/resume`);
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    expect(models.requests.length).toBe(asked + 2);
  });

  it('try a step again whose call broke off, from the beginning', async () => {
    models.script({ kind: 'cut', text: 'I beg' }, ...WORK);
    await provide('everyone');
    const id = await start();
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'completed' });
    expect(phaseOf(run, 'planning').steps[0]).toMatchObject({ status: 'succeeded', tries: 2 });
  });

  it('fail with what is missing, and keep the transcript', async () => {
    models.answerWith(() => tools(finish('Done.')));
    await provide('everyone');
    const id = await start();
    const run = await ended(id);
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'missing_artifact' } });
    const paths = (await artifactsOf(api.member, id, 'planning')).map(({ path }) => path);
    expect(paths.sort()).toEqual(['transcripts/plan.jsonl', 'transcripts/plan.md']);
  });
});
