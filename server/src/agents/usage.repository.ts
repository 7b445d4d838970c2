import { Injectable } from '@nestjs/common';
import Big from 'big.js';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { BudgetAccounts } from '../budgets/budget-accounts.js';
import { crossesWarning, type BudgetLine } from '../budgets/domain/budget.js';
import { runLines } from '../budgets/run-lines.js';
import type { ReportedUsage } from '../execution/executors/executor.js';
import type { Change } from '../runs/domain/change.js';
import { costOf, type Price, type TokenCounts } from './domain/price.js';
import { PriceList } from './price-list.js';
import { UsageEntity } from './usage.entity.js';

export interface UsagePlace {
  readonly runId: string;
  readonly phaseAttemptId: string;
  readonly phase: string;
  readonly step: string;
  readonly agentId: string;
  readonly at: Date;
}

/** Whose usage it is, for what counts it. */
export interface UsageOwner {
  readonly ownerId: string;
  readonly project: string;
  readonly profile: string;
}

/** A call as it is booked. */
export interface LedgerEntry extends TokenCounts {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly price: Price | null;
  /** null: unpriced. */
  readonly costUsd: string | null;
}

/** The ledger of model calls. The sums of runs and budgets are kept in the same transaction. */
@Injectable()
export class UsageRepository {
  constructor(
    private readonly prices: PriceList,
    private readonly budgets: BudgetAccounts,
  ) {}

  /** Books calls that were reported after they were made. They happened: no budget refuses them. */
  async record(
    tx: EntityManager,
    change: Change,
    place: UsagePlace,
    calls: readonly ReportedUsage[],
  ): Promise<void> {
    const entries: LedgerEntry[] = [];
    for (const call of calls) {
      const { provider, model, reportedCostUsd, ...tokens } = call;
      const price = await this.prices.find(tx, provider, model);
      const costUsd = price === null ? reportedCostUsd : costOf(tokens, price);
      entries.push({ id: v7(), provider, model, ...tokens, price, costUsd });
    }
    await this.book(tx, change, place, entries);
  }

  /** Writes a row per call, adds it to the sums of run and budgets, and tells which budgets will soon be used up. */
  async book(
    tx: EntityManager,
    change: Change,
    place: UsagePlace,
    entries: readonly LedgerEntry[],
  ): Promise<void> {
    if (entries.length === 0) return;
    const owner = ownerOf(change);
    const before = [
      ...(await runLines(tx, change, place.phase)),
      ...(await this.insert(tx, place, owner, entries)),
    ];
    await addToRun(tx, change, entries);
    const about = aboutOf(change, place);
    change.events.push({ type: 'usage.recorded', ...about, data: { calls: entries.length } });
    for (const line of before) {
      if (crossesWarning(line, sumOf(entries))) {
        change.events.push({ type: 'budget.warning', ...about, data: warningOf(line, sumOf(entries)) });
      }
    }
  }

  /** Writes rows and adds them to budgets. @returns the budgets as they were before */
  async insert(
    tx: EntityManager,
    place: UsagePlace,
    owner: UsageOwner,
    entries: readonly LedgerEntry[],
  ): Promise<readonly BudgetLine[]> {
    const lines = await this.budgets.lock(tx, { ...place, ...owner });
    await tx.insert(
      UsageEntity,
      entries.map((entry) => ({ ...entry, ...place, ...owner })),
    );
    await this.budgets.spend(tx, { ...place, ...owner }, sumOf(entries));
    return lines;
  }
}

/** Whose usage the run's is. */
export const ownerOf = ({ run, definition }: Change): UsageOwner => ({
  ownerId: run.ownerId,
  project: run.projectName,
  profile: definition.name,
});

const aboutOf = ({ attempt }: Change, place: UsagePlace) => ({
  phase: place.phase,
  step: place.step,
  attempt: attempt?.id === place.phaseAttemptId ? attempt.number : null,
});

const sumOf = (entries: readonly LedgerEntry[]): { readonly costUsd: string; readonly tokens: number } => ({
  costUsd: entries.reduce((sum, { costUsd }) => sum.plus(costUsd ?? 0), new Big(0)).toFixed(),
  tokens: entries.reduce((sum, entry) => sum + entry.inputTokens + entry.outputTokens, 0),
});

function warningOf(line: BudgetLine, more: { readonly costUsd: string; readonly tokens: number }) {
  return {
    budget: line.budget,
    name: line.name,
    max_cost_usd: line.maxCostUsd === null ? null : new Big(line.maxCostUsd).toFixed(),
    max_tokens: line.maxTokens,
    spent_usd: new Big(line.costUsd).plus(more.costUsd).toFixed(),
    spent_tokens: line.tokens + more.tokens,
  };
}

/** The run's row is locked by the change, whose state shows the new sums from here on. */
async function addToRun(tx: EntityManager, { run }: Change, entries: readonly LedgerEntry[]): Promise<void> {
  const [rows] = await tx.query<[{ cost: string; input: string; output: string }[]]>(
    `UPDATE runs SET cost_usd = cost_usd + u.cost, input_tokens = input_tokens + u.input,
       output_tokens = output_tokens + u.output, unpriced_calls = unpriced_calls + u.unpriced
     FROM (SELECT coalesce(sum(cost_usd), 0) AS cost, coalesce(sum(input_tokens), 0) AS input,
             coalesce(sum(output_tokens), 0) AS output, count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced
           FROM usage_ledger WHERE id = ANY($2::uuid[])) u
     WHERE runs.id = $1
     RETURNING runs.cost_usd AS cost, runs.input_tokens AS input, runs.output_tokens AS output`,
    [run.id, entries.map((entry) => entry.id)],
  );
  const [sums] = rows;
  if (sums === undefined) throw new Error(`Run ${run.id} is locked, so it is there`);
  run.costUsd = sums.cost;
  run.inputTokens = Number(sums.input);
  run.outputTokens = Number(sums.output);
}
