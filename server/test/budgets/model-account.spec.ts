import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BudgetsDto } from '../../src/budgets/budgets.dto.js';
import type { BudgetStopDto, BudgetStopListDto } from '../../src/budgets/budget-stops.dto.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { detail, next } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import {
  accountOf,
  heldBy,
  makeBudget,
  placeIn,
  publishWaiting,
  reserve,
  tokens,
  UNPRICED,
  waitingRun,
} from './spending.js';

describe('the account of model calls', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp({ limits: QUICK });
    await publishWaiting(api, 'thinks');
    await publishWaiting(api, 'thinks_little', { budget: { max_tokens: 5000 } });
  });
  afterEach(() => assertHealthy(api.database.dataSource));
  afterAll(() => api.stop());

  const eventsOf = async (runId: string, type: string): Promise<Record<string, unknown>[]> => {
    const { body } = await api.admin.get<{ events: { type: string; data: Record<string, unknown> }[] }>(
      `/runs/${runId}/events?limit=1000`,
    );
    return body.events.filter((event) => event.type === type).map((event) => event.data);
  };

  it('reserves the worst case, and books what was used instead, to the last digit, once', async () => {
    const budget = await makeBudget(api, { subject: 'exact', maxCostUsd: '1' });
    const place = await waitingRun(api, 'thinks', { project_name: 'exact' });
    const { callId } = await reserve(api, place, tokens(2000, 1000));
    // A cache write costs 3.75 a million tokens where reading costs 3: the worst of both is reserved.
    expect(await heldBy(api, budget)).toEqual({
      ...{ spent: '0', tokens: '0', reserved: '0.0225', reservedTokens: '3000' },
    });
    await accountOf(api).settle(callId ?? '', {
      ...tokens(1001, 7),
      cacheReadTokens: 11,
      cacheWriteTokens: 3,
    });
    await accountOf(api).settle(callId ?? '', tokens(1_000_000, 0));
    await accountOf(api).release(callId ?? '');
    expect(await heldBy(api, budget)).toEqual({
      ...{ spent: '0.00312255', tokens: '1008', reserved: '0', reservedTokens: '0' },
    });
    expect(await detail(api.member, place.runId)).toMatchObject({
      cost_usd: 0.003_122_55,
      budget: { spent_tokens: 1008 },
    });
  });

  it('gives a released call back', async () => {
    const budget = await makeBudget(api, { subject: 'released', maxTokens: 1000 });
    const place = await waitingRun(api, 'thinks', { project_name: 'released' });
    const { callId } = await reserve(api, place, tokens(900, 100));
    expect((await reserve(api, place, tokens(1, 0))).refused).toContain('0 of 1000 tokens left');
    await accountOf(api).release(callId ?? '');
    await accountOf(api).release(callId ?? '');
    expect(await heldBy(api, budget)).toMatchObject({ reservedTokens: '0', tokens: '0' });
    expect((await reserve(api, place, tokens(1000, 0))).refused).toBeNull();
  });

  it('refuses a call that could pass a budget, says why once in the history, and goes on when it is raised', async () => {
    const place = await waitingRun(api, 'thinks', { budget: { max_cost_usd: 0.01 } });
    expect((await reserve(api, place, tokens(2000, 1000))).refused).toBe(
      'The budget of the run has 0.01 of 0.01 US dollars left (0 spent), and the next call may cost 0.0225; raise the budget to go on.',
    );
    await reserve(api, place, tokens(2000, 1000));
    expect(await eventsOf(place.runId, 'budget.reached')).toEqual([
      { budget: 'run', message: expect.stringContaining('raise the budget') },
    ]);
    await api.member.post(`/runs/${place.runId}/budget`, { max_cost_usd: 0.0225 });
    expect((await reserve(api, place, tokens(2000, 1000))).refused).toBeNull();
    expect((await reserve(api, place, tokens(1, 0))).refused).toContain('0.0225 reserved by calls');
  });

  it('knows the limits that a profile sets on a phase of each run', async () => {
    const place = await waitingRun(api, 'thinks_little');
    const { callId } = await reserve(api, place, tokens(3000, 1000));
    expect((await reserve(api, place, tokens(1000, 1))).refused).toContain(
      'think in this run has 1000 of 5000 tokens',
    );
    await accountOf(api).settle(callId ?? '', tokens(10, 10));
    expect((await reserve(api, place, tokens(4980, 0))).refused).toBeNull();
    const other = await waitingRun(api, 'thinks_little');
    expect((await reserve(api, other, tokens(5000, 0))).refused).toBeNull();
  });

  it('warns once when four fifths are spent', async () => {
    await makeBudget(api, { subject: 'warned', maxTokens: 1000 });
    const place = await waitingRun(api, 'thinks', { project_name: 'warned', budget: { max_tokens: 2000 } });
    for (const used of [799, 1, 50]) {
      const { callId } = await reserve(api, place, tokens(used, 0));
      await accountOf(api).settle(callId ?? '', tokens(used, 0));
    }
    expect(await eventsOf(place.runId, 'budget.warning')).toEqual([
      expect.objectContaining({ name: 'budget of project warned', max_tokens: 1000, spent_tokens: 800 }),
    ]);
  });

  it('counts calls without a price in tokens only, and shows them', async () => {
    const budget = await makeBudget(api, { subject: 'unpriced', maxCostUsd: '0.5', maxTokens: 300 });
    const place = await waitingRun(api, 'thinks', { project_name: 'unpriced' });
    const { callId } = await reserve(api, place, tokens(100, 100), UNPRICED);
    await accountOf(api).settle(callId ?? '', tokens(100, 100));
    expect(await heldBy(api, budget)).toMatchObject({ spent: '0', tokens: '200' });
    expect((await reserve(api, place, tokens(101, 0), UNPRICED)).refused).toContain('100 of 300 tokens');
    const { body } = await api.admin.get<BudgetsDto>('/budgets');
    expect(body.budgets.find(({ budget_id }) => budget_id === budget)).toMatchObject({
      ...{ unpriced_calls: 1, spent_usd: 0, left_usd: 0.5, left_tokens: 100, percent: 66 },
      stopped: { runs: 1, steps: 1, refusals: 1 },
    });
  });

  it('lists the steps that budgets stopped, with their runs, to whoever may see those', async () => {
    const budget = await makeBudget(api, { subject: 'stopped', maxTokens: 10 });
    const place = await waitingRun(api, 'thinks', { project_name: 'stopped' });
    const limited = await waitingRun(
      api,
      'thinks',
      { project_name: 'own limit', budget: { max_tokens: 5 } },
      api.otherMember,
    );
    await reserve(api, place, tokens(11, 0));
    await reserve(api, place, tokens(12, 0));
    await reserve(api, limited, tokens(6, 0));
    const of = async (client: ApiClient): Promise<BudgetStopDto[]> =>
      (await client.get<BudgetStopListDto>('/budgets/stops')).body.stops;
    const all = await of(api.admin);
    expect(all.slice(0, 2)).toEqual([
      expect.objectContaining({
        run_id: limited.runId,
        project_name: 'own limit',
        budget: 'run',
        refusals: 1,
      }),
      expect.objectContaining({
        ...{ run_id: place.runId, project_name: 'stopped', phase: 'think', step: 'do', budget, refusals: 2 },
        message: expect.stringContaining('budget of project stopped'),
        waiting: false,
      }),
    ]);
    expect((await of(api.otherMember)).map((stop) => stop.run_id)).toEqual([limited.runId]);
    expect((await of(api.member)).map((stop) => stop.run_id)).not.toContain(limited.runId);
  });

  it('counts what was used before the budget was made, and what is only reported', async () => {
    const place = await waitingRun(api, 'thinks', { project_name: 'earlier' });
    const { callId } = await reserve(api, place, tokens(100, 0));
    const open = await reserve(api, place, tokens(50, 0));
    await accountOf(api).settle(callId ?? '', tokens(90, 0));
    const budget = await makeBudget(api, { subject: 'earlier', period: 'month', maxTokens: 500 });
    expect(await heldBy(api, budget)).toMatchObject({ tokens: '90', reservedTokens: '50' });
    await accountOf(api).release(open.callId ?? '');
    const usage = [{ provider: 'openai', model: 'gpt-5', input_tokens: 600, output_tokens: 0 }];
    const path = `/runs/${place.runId}/phases/think/steps/do/complete`;
    expect((await api.member.post(path, { usage })).status).toBe(200);
    expect(await heldBy(api, budget)).toMatchObject({ tokens: '690', reservedTokens: '0' });
  });

  it('holds a run before its next phase while a shared budget is used up, and lets it go on when that is raised', async () => {
    const budget = await makeBudget(api, { subject: 'held', maxTokens: 100 });
    const place = await waitingRun(api, 'thinks', { project_name: 'held', auto_advance: true });
    const other = await waitingRun(api, 'thinks', { project_name: 'held' });
    const usage = [{ provider: 'openai', model: 'gpt-5', input_tokens: 100, output_tokens: 0 }];
    await api.member.post(`/runs/${place.runId}/phases/think/steps/do/complete`, { usage });
    const waiting = await eventually(
      () => detail(api.member, place.runId),
      (run) => run.waiting_on?.kind === 'budget',
    );
    expect(waiting.waiting_on?.detail).toContain('budget of project held is used up: 100 of 100 tokens');
    expect((await next(api.member, place.runId)).body).toMatchObject({ code: 'budget_exceeded' });
    expect((await reserve(api, other, tokens(1, 0))).refused).toContain('project held');
    const claimed = await api.admin.post('/worker/claim', { name: 'w', wait_seconds: 0 });
    expect(claimed.status === 204 || !JSON.stringify(claimed.body).includes(other.runId)).toBe(true);
    const { status } = await api.admin.raw(`/budgets/${budget}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ max_tokens: 1000 }),
    });
    expect(status).toBe(200);
    await eventually(
      () => detail(api.member, place.runId),
      (run) => run.current_phase === 'after' && run.phases[1]?.status === 'in_progress',
    );
  });

  it('keeps a call reserved whose try ended without a word, until somebody says what it was', async () => {
    const budget = await makeBudget(api, { subject: 'lost', maxTokens: 1000 });
    const { runId } = await waitingRun(api, 'thinks', { project_name: 'lost' });
    // Other tests left steps that wait too: claims until it is ours.
    await eventually(
      () => api.admin.post<{ step?: unknown } | null>('/worker/claim', { name: 'gone', wait_seconds: 0 }),
      ({ body }) => JSON.stringify(body).includes(runId),
    );
    const place = await placeIn(api, runId);
    const { callId } = await reserve(api, place, tokens(600, 0));
    const stateOf = async (): Promise<string | undefined> => {
      const [row] = await api.database.dataSource.query<{ state: string }[]>(
        'SELECT state FROM model_calls WHERE id = $1',
        [callId],
      );
      return row?.state;
    };
    expect(await stateOf()).toBe('reserved');
    await eventually(stateOf, (state) => state === 'unknown');
    expect(await eventsOf(runId, 'usage.unknown')).toEqual([expect.objectContaining({ call_id: callId })]);
    expect((await reserve(api, place, tokens(401, 0))).refused).toContain('600 reserved');
    await accountOf(api).settle(callId ?? '', tokens(5, 5));
    expect(await heldBy(api, budget)).toMatchObject({ tokens: '10', reservedTokens: '0' });
  });

  it('keeps what was spent when the run is erased, and the reservation of a call that is not known', async () => {
    const budget = await makeBudget(api, { subject: 'erased', maxTokens: 1000 });
    const place = await waitingRun(api, 'thinks', { project_name: 'erased' });
    const { callId } = await reserve(api, place, tokens(100, 0));
    const open = await reserve(api, place, tokens(200, 0));
    await accountOf(api).settle(callId ?? '', tokens(70, 0));
    await api.member.post(`/runs/${place.runId}/cancel`, {});
    expect((await api.member.delete(`/runs/${place.runId}?purge=true`)).status).toBe(204);
    expect(await heldBy(api, budget)).toMatchObject({ tokens: '70', reservedTokens: '200' });
    await accountOf(api).settle(open.callId ?? '', tokens(150, 0));
    expect(await heldBy(api, budget)).toMatchObject({ tokens: '220', reservedTokens: '0' });
  });
});
