import type { EntityManager } from 'typeorm';
import type { Change } from '../runs/domain/change.js';
import type { BudgetLine } from './domain/budget.js';

interface Held {
  readonly usd: string;
  readonly tokens: string;
  readonly phaseUsd: string;
  readonly phaseTokens: string;
}

interface Spent {
  readonly usd: string;
  readonly tokens: string;
}

/** The limits that come with a run, its own and its profile's for one phase, as they stand under the run's lock. */
export async function runLines(tx: EntityManager, change: Change, phase: string): Promise<BudgetLine[]> {
  const { run } = change;
  const limits = change.definition.phases.find(({ name }) => name === phase)?.budget;
  const hasOwn = run.budgetMaxCostUsd !== null || run.budgetMaxTokens !== null;
  if (!hasOwn && limits === undefined) return [];
  const held = await heldBy(tx, run.id, phase);
  const lines: BudgetLine[] = [];
  if (hasOwn) {
    lines.push({
      budget: 'run',
      name: 'budget of the run',
      maxCostUsd: run.budgetMaxCostUsd,
      maxTokens: run.budgetMaxTokens,
      costUsd: run.costUsd,
      tokens: run.inputTokens + run.outputTokens,
      reservedUsd: held.usd,
      reservedTokens: Number(held.tokens),
    });
  }
  if (limits !== undefined) {
    const spent = await spentIn(tx, run.id, phase);
    lines.push({
      budget: 'phase',
      name: `budget of ${phase} in this run`,
      ...limits,
      costUsd: spent.usd,
      tokens: Number(spent.tokens),
      reservedUsd: held.phaseUsd,
      reservedTokens: Number(held.phaseTokens),
    });
  }
  return lines;
}

/** What open calls of the run hold: a handful of rows. */
async function heldBy(tx: EntityManager, runId: string, phase: string): Promise<Held> {
  const [held] = await tx.query<Held[]>(
    `SELECT coalesce(sum(reserved_usd), 0)::text AS usd, coalesce(sum(reserved_tokens), 0)::text AS tokens,
       coalesce(sum(reserved_usd) FILTER (WHERE phase = $2), 0)::text AS "phaseUsd",
       coalesce(sum(reserved_tokens) FILTER (WHERE phase = $2), 0)::text AS "phaseTokens"
     FROM model_calls WHERE run_id = $1 AND state IN ('reserved', 'unknown')`,
    [runId, phase],
  );
  return held ?? { usd: '0', tokens: '0', phaseUsd: '0', phaseTokens: '0' };
}

async function spentIn(tx: EntityManager, runId: string, phase: string): Promise<Spent> {
  const [spent] = await tx.query<Spent[]>(
    `SELECT coalesce(sum(cost_usd), 0)::text AS usd, coalesce(sum(input_tokens + output_tokens), 0)::text AS tokens
     FROM usage_ledger WHERE run_id = $1 AND phase = $2`,
    [runId, phase],
  );
  return spent ?? { usd: '0', tokens: '0' };
}
