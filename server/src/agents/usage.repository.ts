import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { ReportedUsage } from '../execution/executors/executor.js';
import { costOf, findPrice, type Price } from './domain/price.js';
import { loadPrices } from './prices.js';
import { UsageEntity } from './usage.entity.js';

export interface UsagePlace {
  readonly runId: string;
  readonly phaseAttemptId: string;
  readonly phase: string;
  readonly step: string;
  readonly agentId: string;
  readonly at: Date;
}

/** The ledger of model calls. A run's sums are kept with the run in the same transaction. */
@Injectable()
export class UsageRepository {
  private readonly prices: readonly Price[] = loadPrices();

  /** Writes a row per call and adds it to the run's sums. The run's row is locked by the caller. */
  async record(tx: EntityManager, place: UsagePlace, calls: readonly ReportedUsage[]): Promise<void> {
    if (calls.length === 0) return;
    const rows = calls.map((call) => this.row(place, call));
    await tx.insert(UsageEntity, rows);
    await tx.query(
      `UPDATE runs SET cost_usd = cost_usd + u.cost, input_tokens = input_tokens + u.input,
         output_tokens = output_tokens + u.output, unpriced_calls = unpriced_calls + u.unpriced
       FROM (SELECT coalesce(sum(cost_usd), 0) AS cost, coalesce(sum(input_tokens), 0) AS input,
               coalesce(sum(output_tokens), 0) AS output, count(*) FILTER (WHERE cost_usd IS NULL) AS unpriced
             FROM usage_ledger WHERE id = ANY($2::uuid[])) u
       WHERE runs.id = $1`,
      [place.runId, rows.map((row) => row.id)],
    );
  }

  private row(place: UsagePlace, call: ReportedUsage): UsageEntity {
    const { provider, model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call;
    const tokens = { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
    const price = findPrice(this.prices, provider, model) ?? null;
    const costUsd = price === null ? call.reportedCostUsd : costOf(tokens, price);
    return { id: v7(), ...place, provider, model, ...tokens, price, costUsd };
  }
}
