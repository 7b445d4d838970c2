import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenCallsDto } from '../../src/budgets/model-calls.dto.js';
import type { UsagePlace } from '../../src/agents/usage.repository.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import {
  accountOf,
  heldBy,
  makeBudget,
  publishWaiting,
  reserve,
  SONNET,
  tokens,
  waitingRun,
} from './spending.js';

const RUNS = 50;
/** Runs whose steps are held by processes that are killed. */
const HELD_ELSEWHERE = 10;
/** For two processes to start, and some hundred calls, on a machine that is busy with other tests. */
const PATIENCE_MS = 240_000;
const LIMIT_USD = 0.2;

describe('a budget that runs share', () => {
  let api: TestApp;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    api = await startTestApp({ limits: QUICK });
    await publishWaiting(api, 'thinks');
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await api.stop();
  });

  /** A process that spends for these runs, and what it has said so far. */
  function startSpender(steps: readonly string[]): { readonly child: ChildProcess; readonly said: string[] } {
    const script = join(import.meta.dirname, 'spender.mjs');
    const folder = join(api.folder, 'data');
    const args = [script, api.database.url, folder, SONNET.provider, SONNET.model, ...steps];
    const child = spawn(process.execPath, args, {
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const said: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    return { child, said };
  }

  const stepIdOf = async ({ runId }: UsagePlace): Promise<string> => {
    const [step] = await api.database.dataSource.query<{ id: string }[]>(
      'SELECT id FROM steps WHERE run_id = $1',
      [runId],
    );
    return `${runId}:${step?.id ?? ''}`;
  };

  /** Spends for a run until the budget refuses, leaving one call of seven to be released. */
  async function spend(place: UsagePlace, seed: number): Promise<void> {
    for (let calls = 1; ; calls += 1) {
      const worst = tokens(100 + ((seed * calls) % 400), 10 + (seed % 90));
      const { callId } = await reserve(api, { ...place, at: new Date() }, worst);
      if (callId === null) return;
      if (calls % 7 === 0) await accountOf(api).release(callId);
      else await accountOf(api).settle(callId, { ...worst, outputTokens: worst.outputTokens - (calls % 10) });
    }
  }

  it('is not passed by two runs together, whichever asks first', async () => {
    const budget = await makeBudget(api, { subject: 'pair', maxTokens: 1000 });
    const places = [
      await waitingRun(api, 'thinks', { project_name: 'pair' }),
      await waitingRun(api, 'thinks', { project_name: 'pair' }, api.otherMember),
    ];
    const grants = await Promise.all(
      places.flatMap((place) => [600, 600, 600].map((used) => reserve(api, place, tokens(used, 0)))),
    );
    expect(grants.filter(({ callId }) => callId !== null)).toHaveLength(1);
    expect(await heldBy(api, budget)).toMatchObject({ reservedTokens: '600' });
  });

  it(
    'is never passed by 50 runs at once, also while processes are killed between calls',
    async () => {
      const budget = await makeBudget(api, { kind: 'month', maxCostUsd: String(LIMIT_USD) });
      const places: UsagePlace[] = [];
      for (let run = 0; run < RUNS; run += 1) places.push(await waitingRun(api, 'thinks'));
      const elsewhere = await Promise.all(places.slice(0, HELD_ELSEWHERE).map(stepIdOf));
      const spenders = [startSpender(elsewhere.slice(0, 5)), startSpender(elsewhere.slice(5))];
      await eventually(
        () => Promise.resolve(spenders.map(({ said }) => said.length)),
        (counts) => counts.every((count) => count > 0),
      );
      let watching = true;
      const watch = async (): Promise<number> => {
        let most = 0;
        while (watching) {
          const { spent, reserved } = await heldBy(api, budget);
          most = Math.max(most, Number(spent) + Number(reserved));
        }
        return most;
      };
      const watched = watch();
      const spending = places.slice(HELD_ELSEWHERE).map((place, index) => spend(place, index + 1));
      for (const { child, said } of spenders) {
        await eventually(
          () => Promise.resolve(said.filter((line) => line.startsWith('reserved')).length),
          (count) => count >= 5,
        );
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await Promise.all(spending);
      watching = false;
      expect(await watched).toBeLessThanOrEqual(LIMIT_USD + 1e-9);

      await expectOnlyUnknown(budget);
      await decideAll(budget);
      await assertHealthy(api.database.dataSource);
    },
    PATIENCE_MS,
  );

  /** What the killed ones had reserved stays so, and is shown; all that is spent is in the ledger. */
  async function expectOnlyUnknown(budget: string): Promise<void> {
    const states = await eventually(
      () => countStates(api),
      (counts) => (counts['reserved'] ?? 0) === 1,
    );
    // The one of the test before is held by nobody's step.
    expect(states['unknown']).toBeGreaterThan(0);
    const held = await heldBy(api, budget);
    expect(Number(held.spent) + Number(held.reserved)).toBeLessThanOrEqual(LIMIT_USD);
    const [sums] = await api.database.dataSource.query<{ spent: string; reserved: string }[]>(
      `SELECT (SELECT trim_scale(sum(cost_usd)) FROM usage_ledger)::text AS spent,
         (SELECT trim_scale(sum(reserved_usd)) FROM model_calls WHERE state IN ('reserved', 'unknown'))::text AS reserved`,
    );
    expect(sums).toEqual({ spent: held.spent, reserved: held.reserved });
    const [runs] = await api.database.dataSource.query<{ sum: string }[]>(
      'SELECT trim_scale(sum(cost_usd))::text AS sum FROM runs',
    );
    expect(runs?.sum).toBe(held.spent);
  }

  async function decideAll(budget: string): Promise<void> {
    const { body } = await api.admin.get<OpenCallsDto>('/budgets/calls');
    expect(body.calls.length).toBeGreaterThan(0);
    for (const [index, { call_id }] of body.calls.entries()) {
      const path = `/budgets/calls/${call_id}`;
      const { status } =
        index % 2 === 0
          ? await api.admin.post(`${path}/settle`, { input_tokens: 10, output_tokens: 1 })
          : await api.admin.post(`${path}/release`);
      expect(status).toBe(204);
      expect((await api.admin.post(`${path}/release`)).status).toBe(409);
    }
    // 600 input tokens of the test before, as if they were written to a cache.
    expect(await heldBy(api, budget)).toMatchObject({ reserved: '0.00225' });
  }
});

async function countStates(api: TestApp): Promise<Record<string, number>> {
  const rows = await api.database.dataSource.query<{ state: string; n: number }[]>(
    'SELECT state, count(*)::int AS n FROM model_calls GROUP BY state',
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}
