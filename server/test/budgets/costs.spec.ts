import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EstimateDto } from '../../src/costs/estimate.dto.js';
import type { CostsDto } from '../../src/costs/costs.dto.js';
import type { PriceDto, PricesDto } from '../../src/costs/prices.dto.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { createRun, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A step that says it used a model. */
const uses = (provider: string, model: string, input: number): string =>
  `echo '{"usage":{"provider":"${provider}","model":"${model}","input_tokens":${String(input)},"output_tokens":0}}' >> "$ORCHESTRATOR_OUTPUT"`;
const work = (name: string, command: string, more: object = {}) => ({
  name,
  steps: [{ id: 'do', agent: 'worker', command, retry: { attempts: 1 } }],
  ...more,
});

describe('costs', () => {
  let api: TestApp;
  const setPrice = (name: string, body: object, client = api.admin): Promise<{ readonly status: number }> =>
    client.put(`/prices/${name}`, JSON.stringify(body), 'application/json');

  beforeAll(async () => {
    api = await startTestApp();
    await publish(
      api.admin,
      'costly',
      [
        work('plan', uses('anthropic', 'claude-sonnet-4-5', 1000)),
        work('build', uses('somebody', 'secret-model', 500), { when: 'parameters.build' }),
      ],
      { parameters: { type: 'object', properties: { build: { type: 'boolean', default: true } } } },
    );
    for (const build of [true, false, true]) {
      const parameters = { build };
      const id = await createRun(api.member, 'costly', {
        ...{ auto_advance: true, project_name: build ? 'built' : 'planned', parameters },
      });
      await runUntil(api.member, id, ({ status }) => status === 'completed');
    }
  });
  afterAll(() => api.stop());

  const costs = async (query: string, client = api.admin): Promise<CostsDto> =>
    (await client.get<CostsDto>(`/costs?${query}`)).body;

  it('are told by day, project, profile, model and person, and sum up to the ledger', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const expected = { day: [today], project: ['built', 'planned'], profile: ['costly'] };
    for (const [by, keys] of Object.entries(expected)) {
      const body = await costs(`by=${by}`);
      expect(body.rows.map(({ key }) => key)).toEqual(keys);
      expect(body.total).toMatchObject({
        cost_usd: 0.009,
        input_tokens: 4000,
        calls: 5,
        unpriced_calls: 2,
        runs: 3,
      });
    }
    const models = (await costs('by=model')).rows.map(({ key, cost_usd }) => [key, cost_usd]);
    expect(models).toEqual([
      ['anthropic/claude-sonnet-4-5', 0.009],
      ['somebody/secret-model', null],
    ]);
    expect((await costs('by=person')).rows).toMatchObject([{ name: 'member', cost_usd: 0.009 }]);
  });

  it('are those of the own runs for whoever may not read all', async () => {
    expect(await costs('by=day', api.member)).toMatchObject({ own_only: true, total: { calls: 5 } });
    expect(await costs('by=day', api.otherMember)).toMatchObject({
      ...{ own_only: true, rows: [] },
      total: { calls: 0, cost_usd: 0 },
    });
  });

  it('are of a span of time', async () => {
    expect((await costs('from=2020-01-01&to=2020-02-01')).total.calls).toBe(0);
    expect((await api.admin.get('/costs?from=2020-02-01&to=2020-01-01')).status).toBe(400);
    expect((await api.admin.get('/costs?by=mood')).status).toBe(400);
  });

  it('are estimated from runs that completed, phase by phase, and from nothing else', async () => {
    const { body } = await api.member.post<EstimateDto>('/runs/estimate', { profile: 'costly' });
    expect(body).toMatchObject({ basis: 'history of 3 runs', total: { runs: 3 } });
    expect(body.phases).toMatchObject([
      {
        ...{ phase: 'plan', runs: 3, cost_usd: { median: 0.003, p10: 0.003, p90: 0.003 } },
        tokens: { median: 1000 },
      },
      // Its calls have no price: what it costs is not known.
      { phase: 'build', runs: 2, cost_usd: null, tokens: { median: 500, p10: 500, p90: 500 } },
    ]);
    expect(body.total.cost_usd).toEqual({ median: 0.003, p10: 0.003, p90: 0.003 });
    const without = await api.member.post<EstimateDto>('/runs/estimate', {
      ...{ profile: 'costly', parameters: { build: false } },
    });
    expect(without.body.phases.map(({ phase }) => phase)).toEqual(['plan']);
    await publish(api.admin, 'new_one', [work('plan', 'true')]);
    const unknown = await api.member.post<EstimateDto>('/runs/estimate', { profile: 'new_one' });
    expect(unknown.body).toMatchObject({
      basis: 'no history',
      phases: [{ runs: 0, cost_usd: null, tokens: null, duration_seconds: null }],
    });
    expect((await api.member.post('/runs/estimate', { profile: 'no_such' })).status).toBe(400);
  });

  it('follow a price that an administrator sets, from the next call on', async () => {
    const price = { input: '2', output: '4', cache_read: '1', cache_write: '3' };
    expect((await setPrice('somebody/secret-model', price)).status).toBe(200);
    const id = await createRun(api.member, 'costly', { auto_advance: true, project_name: 'priced' });
    await runUntil(api.member, id, ({ status }) => status === 'completed');
    expect((await costs('by=project')).rows.find(({ key }) => key === 'priced')).toMatchObject({
      ...{ cost_usd: 0.004, unpriced_calls: 0 },
    });
    expect((await costs('by=project')).total.unpriced_calls).toBe(2);
    const listed = await api.member.get<PricesDto>('/prices');
    const find = ({ prices }: PricesDto): PriceDto | undefined =>
      prices.find(({ model }) => model === 'secret-model');
    expect(find(listed.body)).toMatchObject({
      input: '2',
      overridden: true,
      source: expect.stringContaining('set by'),
    });
    expect((await api.admin.delete('/prices/somebody/secret-model')).status).toBe(204);
    expect((await api.admin.delete('/prices/somebody/secret-model')).status).toBe(404);
    expect((await api.admin.delete('/prices/somebody/a%00b')).status).toBe(400);
    expect(find((await api.member.get<PricesDto>('/prices')).body)).toBeUndefined();
    expect((await setPrice('a/b', { ...price, input: '-1' })).status).toBe(400);
    expect((await setPrice('a/b', price, api.member)).status).toBe(403);
    await assertHealthy(api.database.dataSource);
  });

  it.each([
    [{ kind: 'project' }],
    [{ kind: 'project', subject: 'a' }],
    [{ kind: 'month', subject: 'a', max_tokens: 1 }],
    [{ kind: 'user', subject: 'nobody', max_tokens: 1 }],
    [{ kind: 'phase', subject: 'no slash', max_tokens: 1 }],
    [{ kind: 'run', subject: 'a', max_tokens: 1 }],
    [{ kind: 'project', subject: 'a', max_cost_usd: -1 }],
  ])('have no budget such as %j', async (body) => {
    expect((await api.admin.post('/budgets', body)).status).toBe(400);
  });

  it('have one budget for one thing', async () => {
    const asked = { kind: 'project', subject: 'built', max_cost_usd: 1 };
    const { status, body } = await api.admin.post<{ budget_id: string }>('/budgets', asked);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { spent_usd: 0.006, percent: 0, left_usd: 0.994 },
    });
    expect((await api.admin.post('/budgets', asked)).body).toMatchObject({ code: 'budget_exists' });
    expect((await api.member.post('/budgets', asked)).status).toBe(403);
    expect((await api.otherMember.get('/budgets')).body).toEqual({ budgets: [] });
    expect((await api.member.get('/budgets')).body).toMatchObject({ budgets: [{ subject: 'built' }] });
    expect((await api.admin.delete(`/budgets/${body.budget_id}`)).status).toBe(204);
    expect((await api.admin.delete(`/budgets/${body.budget_id}`)).status).toBe(404);
  });
});
