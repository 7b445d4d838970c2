import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { nameOf, type BudgetKind, type BudgetLine } from './domain/budget.js';

/** What decides which budgets count some usage. */
export interface UsageScope {
  readonly ownerId: string;
  readonly project: string;
  readonly profile: string;
  readonly phase: string;
  readonly at: Date;
}

/** Whether budget `b` counts usage of owner $1, project $2, profile $3 and phase $4. */
const COUNTS = `(b.kind = 'month' OR (b.kind = 'user' AND b.subject = $1::text)
  OR (b.kind = 'project' AND b.subject = $2::text) OR (b.kind = 'phase' AND b.subject = $3::text || '/' || $4::text))`;
/** Key of the period of budget `b` that the moment $5 is in. */
const PERIOD = `CASE b.period WHEN 'none' THEN 'all' ELSE to_char($5::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM') END`;

export const budgetLine = `b.id AS budget, b.kind, b.subject, b.max_cost_usd::text AS "maxCostUsd", b.max_tokens AS "maxTokens",
  u.period, u.cost_usd::text AS "costUsd", u.tokens, u.reserved_usd::text AS "reservedUsd", u.reserved_tokens AS "reservedTokens"`;

export interface LineRow {
  readonly budget: string;
  readonly kind: BudgetKind;
  readonly subject: string;
  readonly maxCostUsd: string | null;
  readonly maxTokens: string | null;
  readonly period: string;
  readonly costUsd: string;
  readonly tokens: string;
  readonly reservedUsd: string;
  readonly reservedTokens: string;
}

/**
 * What shared budgets hold. Whoever changes it locks the run first, then the rows of the budgets in the order of
 * their ids, so that no two wait for each other.
 */
@Injectable()
export class BudgetAccounts {
  /** Locks the budgets that count usage of the scope, and gives them as they stand. */
  async lock(tx: EntityManager, scope: UsageScope): Promise<BudgetLine[]> {
    const values = valuesOf(scope);
    // A budget that is being made sums the ledger up: it waits until what is being booked is there, and the other way round.
    await tx.query('LOCK TABLE budgets IN ROW SHARE MODE');
    await tx.query(
      `INSERT INTO budget_usage (budget_id, period) SELECT b.id, ${PERIOD} FROM budgets b WHERE ${COUNTS}
       ORDER BY b.id ON CONFLICT DO NOTHING`,
      values,
    );
    const rows = await tx.query<LineRow[]>(
      `SELECT ${budgetLine} FROM budgets b JOIN budget_usage u ON u.budget_id = b.id AND u.period = ${PERIOD}
       WHERE ${COUNTS} ORDER BY b.id FOR UPDATE OF u`,
      values,
    );
    return rows.map(lineOf);
  }

  /** Adds to what was spent. The rows are locked. */
  async spend(
    tx: EntityManager,
    scope: UsageScope,
    { costUsd, tokens }: { readonly costUsd: string; readonly tokens: number },
  ): Promise<void> {
    await this.add(tx, scope, 'cost_usd = u.cost_usd + $6, tokens = u.tokens + $7', [costUsd, tokens]);
  }

  /** Adds to what is reserved, or takes it back where `sign` is −1. The rows are locked. */
  async reserve(
    tx: EntityManager,
    scope: UsageScope,
    { costUsd, tokens }: { readonly costUsd: string | null; readonly tokens: number },
    sign: 1 | -1,
  ): Promise<void> {
    const set = `reserved_usd = u.reserved_usd + $6::numeric * ${String(sign)}, reserved_tokens = u.reserved_tokens + $7::bigint * ${String(sign)}`;
    await this.add(tx, scope, set, [costUsd ?? '0', tokens]);
  }

  /** Sentences about the budgets that the scope's usage has used up; as they stand, without a lock. */
  async reached(tx: EntityManager, scope: Omit<UsageScope, 'phase'>): Promise<LineRow[]> {
    return tx.query<LineRow[]>(
      `SELECT ${budgetLine} FROM budgets b JOIN budget_usage u ON u.budget_id = b.id AND u.period = ${PERIOD}
       WHERE (u.cost_usd >= b.max_cost_usd OR u.tokens >= b.max_tokens)
         AND (b.kind = 'month' OR (b.kind = 'user' AND b.subject = $1::text)
           OR (b.kind = 'project' AND b.subject = $2::text) OR (b.kind = 'phase' AND starts_with(b.subject, $3::text || $4::text)))
       ORDER BY b.id`,
      valuesOf({ ...scope, phase: '/' }),
    );
  }

  private async add(
    tx: EntityManager,
    scope: UsageScope,
    set: string,
    amounts: readonly (string | number)[],
  ): Promise<void> {
    await tx.query(
      `UPDATE budget_usage u SET ${set} FROM budgets b
       WHERE u.budget_id = b.id AND u.period = ${PERIOD} AND ${COUNTS}`,
      [...valuesOf(scope), ...amounts],
    );
  }
}

const valuesOf = ({ ownerId, project, profile, phase, at }: UsageScope): readonly unknown[] => [
  ownerId,
  project,
  profile,
  phase,
  at,
];

export const lineOf = (row: LineRow): BudgetLine => ({
  budget: row.budget,
  name: nameOf(row.kind, row.subject, row.period),
  maxCostUsd: row.maxCostUsd,
  maxTokens: row.maxTokens === null ? null : Number(row.maxTokens),
  costUsd: row.costUsd,
  tokens: Number(row.tokens),
  reservedUsd: row.reservedUsd,
  reservedTokens: Number(row.reservedTokens),
});
