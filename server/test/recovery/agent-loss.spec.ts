import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import type { OpenCallDto, OpenCallsDto } from '../../src/budgets/model-calls.dto.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import type { ProviderDto } from '../../src/providers/provider-answers.dto.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import { finish, tools, write } from '../agents/scripted-agent.js';
import { createRun, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { START_PATIENCE_MS, startCluster, type Cluster } from './cluster.js';

/** Two calls of 1000 input and 100 output tokens at 3 and 15 US dollars a million. */
const SPENT = '0.009';
const WORK = [tools(write('PRD.md', '# The plan\n')), tools(finish('Planned.'))] as const;

describe('a worker process that is killed within a call of a model', () => {
  let database: TestDatabase;
  let cluster: Cluster;
  let models: ModelServer;

  beforeAll(async () => {
    models = await startModelServer();
    database = await createTestDatabase();
    cluster = await startCluster(database.url, 1);
    const provider = { kind: 'anthropic', name: 'models', scope: 'everyone', key: 'k' };
    const made = await cluster.admin.post<ProviderDto>('/providers', {
      ...{ ...provider, base_url: models.url, default_model: 'claude-sonnet-4-5' },
    });
    expect(made.status).toBe(201);
    const step = {
      ...{ id: 'plan', agent: 'architect', retry: { attempts: 3, backoff: '1s' } },
      llm: { role: 'You plan.', task: 'Plan it.' },
      artifacts: [{ path: 'PRD.md', required: true }],
    };
    await publish(cluster.admin, 'planned', [{ name: 'planning', steps: [step] }]);
  }, START_PATIENCE_MS);

  afterEach(() => assertHealthy(database.dataSource));

  afterAll(async () => {
    await cluster.stop();
    await database.drop();
    await models.stop();
  });

  /** A run whose agent was asked something that the provider does not answer, and the open call. */
  async function hangingRun(project: string): Promise<{ readonly id: string; readonly call: OpenCall }> {
    const asked = models.requests.length;
    models.script({ kind: 'hang', text: 'I begin' }, ...WORK);
    const id = await createRun(cluster.admin, 'planned', { project_name: project, auto_advance: true });
    await eventually(
      () => Promise.resolve(models.requests.length),
      (count) => count === asked + 1,
    );
    const [call] = await callsOf(id);
    if (call === undefined) throw new Error('The call was made without a reservation');
    expect(call.state).toBe('reserved');
    return { id, call };
  }

  async function replaceWorker(runId: string): Promise<void> {
    const holder = await cluster.holderOf(runId, 'plan');
    holder.child.kill('SIGKILL');
    await holder.exited;
    await cluster.startWorker();
  }

  const callsOf = (runId: string): Promise<OpenCall[]> =>
    cluster.query<OpenCall>(
      `SELECT id, state, reserved_usd::text AS reserved, reserved_tokens::int AS tokens
       FROM model_calls WHERE run_id = $1 ORDER BY at`,
      [runId],
    );

  const unknownOf = async (runId: string): Promise<readonly OpenCallDto[]> =>
    (await cluster.admin.get<OpenCallsDto>('/budgets/calls')).body.calls.filter(
      ({ run_id }) => run_id === runId,
    );

  it('leaves the call reserved and shown as unknown, and its step is tried again to the end', async () => {
    const { id, call } = await hangingRun('bridge');
    await replaceWorker(id);
    const run = await runUntil(cluster.admin, id, ({ status }) => status !== 'running');
    expect(run).toMatchObject({ status: 'completed', failure: null });
    expect(phaseOf(run, 'planning').steps[0]).toMatchObject({ status: 'succeeded', tries: 2 });
    const states = await eventually(
      async () => (await callsOf(id)).map(({ state }) => state),
      (found) => !found.includes('reserved'),
    );
    expect(states).toEqual(['unknown', 'settled', 'settled']);
    expect(await unknownOf(id)).toEqual([
      expect.objectContaining({ call_id: call.id, model: 'claude-sonnet-4-5', step: 'plan' }),
    ]);
    const metrics = await cluster.admin.get<RunMetricsDto>(`/runs/${id}/metrics`);
    expect(metrics.body).toMatchObject({
      total_cost_usd: Number(SPENT),
      total_token_usage: { input: 2000, output: 200 },
    });
    const events = await cluster.query<{ data: object }>(
      `SELECT data FROM run_events WHERE run_id = $1 AND type = 'usage.unknown'`,
      [id],
    );
    expect(events).toEqual([{ data: expect.objectContaining({ call_id: call.id }) as unknown }]);
  });

  it('does not let its run pass a budget: it waits until somebody says what became of the call', async () => {
    const { id, call } = await hangingRun('tunnel');
    const asked = models.requests.length;
    const limit = new Big(call.reserved).times('1.5').toNumber();
    const budget = await cluster.admin.post<{ budget_id: string }>('/budgets', {
      ...{ kind: 'project', subject: 'tunnel', period: 'none', max_cost_usd: limit },
    });
    expect(budget.status).toBe(201);
    await replaceWorker(id);
    const held = await runUntil(cluster.admin, id, ({ waiting_on }) => waiting_on?.kind === 'budget');
    expect(held.waiting_on?.detail).toContain('budget of project tunnel');
    expect(held.waiting_on?.detail).toContain('reserved by calls that have not ended');
    expect(models.requests).toHaveLength(asked);
    expect(await callsOf(id)).toHaveLength(1);
    const settled = await cluster.admin.post(`/budgets/calls/${call.id}/settle`, {
      ...{ input_tokens: 400, output_tokens: 10 },
    });
    expect(settled.status).toBe(204);
    const run = await runUntil(cluster.admin, id, ({ status }) => status !== 'running');
    expect(run).toMatchObject({ status: 'completed', waiting_on: null });
    const [sums] = await cluster.query<{ spent: string; reserved: string }>(
      `SELECT trim_scale(cost_usd)::text AS spent, trim_scale(reserved_usd)::text AS reserved
       FROM budget_usage WHERE budget_id = $1`,
      [budget.body.budget_id],
    );
    // 400 × 3 + 10 × 15 a million more.
    expect(sums).toEqual({ spent: new Big(SPENT).plus('0.00135').toFixed(), reserved: '0' });
    expect(Number(sums?.spent)).toBeLessThanOrEqual(limit);
  });
});

interface OpenCall {
  readonly id: string;
  readonly state: string;
  readonly reserved: string;
  readonly tokens: number;
}
