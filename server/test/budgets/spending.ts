import { expect } from '@jest/globals';
import { ModelAccount } from '../../src/agents/model-account.js';
import type { UsagePlace } from '../../src/agents/usage.repository.js';
import type { Principal } from '../../src/auth/domain/principal.js';
import { BudgetsService, type NewBudget } from '../../src/budgets/budgets.service.js';
import { createRun, next, publish } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';

/** 3 and 15 US dollars per million tokens. */
export const SONNET = { provider: 'anthropic', model: 'claude-sonnet-4-5' };
export const UNPRICED = { provider: 'somebody', model: 'their-model' };

export const tokens = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

/** Sets a shared limit as the administrator, and gives its id. */
export async function makeBudget(api: TestApp, asked: Partial<NewBudget>): Promise<string> {
  const [admin] = await api.database.dataSource.query<{ id: string }[]>(
    "SELECT id FROM users WHERE role = 'admin'",
  );
  const none = { kind: 'project', subject: null, period: null, maxCostUsd: null, maxTokens: null } as const;
  const by = { userId: admin?.id ?? '', name: 'admin' } as Principal;
  const budget = await api.app.get(BudgetsService, { strict: false }).create({ ...none, ...asked }, by);
  return budget.budget;
}

export const accountOf = (api: TestApp): ModelAccount => api.app.get(ModelAccount, { strict: false });

/** Publishes a profile with one step that waits for a worker, then one that a command does. */
export const publishWaiting = (api: TestApp, name: string, phase: object = {}): Promise<string> =>
  publish(api.admin, name, [
    { name: 'think', steps: [{ id: 'do', agent: 'thinker', worker: {} }], ...phase },
    { name: 'after', steps: [{ id: 'do', agent: 'thinker', worker: {} }] },
  ]);

/** Creates a run whose first step waits, and gives the place of its usage. */
export async function waitingRun(
  api: TestApp,
  profile: string,
  more: object = {},
  client: ApiClient = api.member,
): Promise<UsagePlace> {
  const runId = await createRun(client, profile, more);
  const { status } = await next(client, runId, {}, { Prefer: 'respond-async' });
  // An automatic run has started by itself.
  expect(status).toBe('auto_advance' in more ? 409 : 202);
  return placeIn(api, runId);
}

/** The place of usage of the newest step of a run. */
export async function placeIn(api: TestApp, runId: string): Promise<UsagePlace> {
  const [step] = await api.database.dataSource.query<
    { phase_attempt_id: string; phase: string; key: string }[]
  >('SELECT phase_attempt_id, phase, key FROM steps WHERE run_id = $1 ORDER BY id DESC LIMIT 1', [runId]);
  if (step === undefined) throw new Error(`Run ${runId} has no step`);
  const { phase_attempt_id: phaseAttemptId, phase, key } = step;
  return { runId, phaseAttemptId, phase, step: key, agentId: 'thinker', at: new Date() };
}

/** Reserves and says what came of it: the call's id, or why not. */
export async function reserve(
  api: TestApp,
  place: UsagePlace,
  worstCase = tokens(1000, 100),
  of: { readonly provider: string; readonly model: string } = SONNET,
): Promise<{ readonly callId: string | null; readonly refused: string | null }> {
  const grant = await accountOf(api).reserve({ place, ...of, worstCase });
  return grant.kind === 'granted'
    ? { callId: grant.callId, refused: null }
    : { callId: null, refused: grant.message };
}

export interface Held {
  readonly spent: string;
  readonly tokens: string;
  readonly reserved: string;
  readonly reservedTokens: string;
}

/** What a budget holds, as text without trailing zeros. */
export async function heldBy(api: TestApp, budget: string): Promise<Held> {
  const [row] = await api.database.dataSource.query<Held[]>(
    `SELECT trim_scale(cost_usd)::text AS spent, tokens::text, trim_scale(reserved_usd)::text AS reserved,
       reserved_tokens::text AS "reservedTokens" FROM budget_usage WHERE budget_id = $1`,
    [budget],
  );
  return row ?? { spent: '0', tokens: '0', reserved: '0', reservedTokens: '0' };
}
