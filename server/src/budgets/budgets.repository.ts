import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { BudgetEntity } from './budget.entity.js';
import { budgetLine, type LineRow } from './budget-accounts.js';

/** A budget with what it holds in its present period. */
export interface BudgetRow extends LineRow {
  readonly span: BudgetEntity['period'];
  readonly subjectName: string | null;
  readonly unknownUsd: string;
  readonly unknownCalls: number;
  readonly unpricedCalls: number;
  readonly stoppedSteps: number;
  readonly stoppedRuns: number;
  readonly refusals: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Whether budget `b` counts the row `x` of the ledger or of the calls. */
const COUNTS = `(b.kind = 'month' OR (b.kind = 'user' AND b.subject = x.owner_id::text)
  OR (b.kind = 'project' AND b.subject = x.project) OR (b.kind = 'phase' AND b.subject = x.profile || '/' || x.phase))`;
const periodOf = (time: string): string =>
  `CASE b.period WHEN 'none' THEN 'all' ELSE to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM') END`;

const FIRST_USAGE = `
  INSERT INTO budget_usage (budget_id, period, cost_usd, tokens, reserved_usd, reserved_tokens)
  SELECT b.id, p.period, sum(p.cost), sum(p.tokens), sum(p.held), sum(p.held_tokens)
  FROM budgets b CROSS JOIN LATERAL (
    SELECT ${periodOf('x.at')} AS period, coalesce(x.cost_usd, 0) AS cost, x.input_tokens + x.output_tokens AS tokens,
      0 AS held, 0 AS held_tokens
    FROM usage_ledger x WHERE ${COUNTS}
    UNION ALL
    SELECT ${periodOf('x.at')}, 0, 0, coalesce(x.reserved_usd, 0), x.reserved_tokens
    FROM model_calls x WHERE x.state IN ('reserved', 'unknown') AND ${COUNTS}) p
  WHERE b.id = $1 GROUP BY b.id, p.period`;

const LIST = `
  SELECT ${budgetLine}, b.period AS span, b.created_at AS "createdAt", b.updated_at AS "updatedAt",
    owner.name AS "subjectName", c.usd AS "unknownUsd", c.calls AS "unknownCalls", l.calls AS "unpricedCalls",
    s.steps AS "stoppedSteps", s.runs AS "stoppedRuns", s.times AS refusals
  FROM (SELECT *, ${periodOf('now()')} AS now FROM budgets b) b
  LEFT JOIN LATERAL (
    SELECT b.now AS period, coalesce(max(cost_usd), 0) AS cost_usd, coalesce(max(tokens), 0) AS tokens,
      coalesce(max(reserved_usd), 0) AS reserved_usd, coalesce(max(reserved_tokens), 0) AS reserved_tokens
    FROM budget_usage WHERE budget_id = b.id AND period = b.now) u ON true
  LEFT JOIN users owner ON b.kind = 'user' AND owner.id::text = b.subject
  CROSS JOIN LATERAL (SELECT count(*)::int AS calls, coalesce(sum(x.reserved_usd), 0)::text AS usd FROM model_calls x
    WHERE x.state = 'unknown' AND ${COUNTS} AND ${periodOf('x.at')} = b.now) c
  CROSS JOIN LATERAL (SELECT count(*)::int AS calls FROM usage_ledger x
    WHERE x.cost_usd IS NULL AND ${COUNTS} AND ${periodOf('x.at')} = b.now) l
  CROSS JOIN LATERAL (SELECT count(*)::int AS steps, count(DISTINCT run_id)::int AS runs, coalesce(sum(times), 0)::int AS times
    FROM budget_stops WHERE budget = b.id::text AND at >= CASE b.period WHEN 'none' THEN '-infinity'
      ELSE date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' END) s
  WHERE ($1::uuid IS NULL OR b.id = $1)
    AND ($2::uuid IS NULL OR b.kind IN ('month', 'phase') OR (b.kind = 'user' AND b.subject = $2::text)
      OR (b.kind = 'project' AND EXISTS (SELECT FROM usage_ledger x WHERE x.owner_id = $2 AND x.project = b.subject)))
  ORDER BY array_position(ARRAY['month', 'project', 'user', 'phase'], b.kind), coalesce(owner.name, b.subject), b.period`;

/** Queries on shared budgets. */
@Injectable()
export class BudgetsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Works on budgets while nothing is reserved and booked anywhere. */
  alone<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('LOCK TABLE budgets IN EXCLUSIVE MODE');
      return work(tx);
    });
  }

  /** Adds a budget that counts what was used before, too. False where there is one like it. */
  async insert(tx: EntityManager, budget: BudgetEntity): Promise<boolean> {
    const made = await tx
      .createQueryBuilder()
      .insert()
      .into(BudgetEntity)
      .values(budget)
      .orIgnore()
      .returning('id')
      .execute();
    if ((made.raw as unknown[]).length === 0) return false;
    await tx.query(FIRST_USAGE, [budget.id]);
    return true;
  }

  find(tx: EntityManager, id: string): Promise<BudgetEntity | null> {
    return tx.findOneBy(BudgetEntity, { id });
  }

  async save(tx: EntityManager, budget: BudgetEntity): Promise<void> {
    await tx.save(BudgetEntity, budget);
  }

  async remove(tx: EntityManager, id: string): Promise<boolean> {
    await tx.query('DELETE FROM budget_stops WHERE budget = $1', [id]);
    return (await tx.delete(BudgetEntity, { id })).affected === 1;
  }

  /**
   * Budgets with what they hold in their present period: everybody's first.
   * @param id only this one; null: all
   * @param userId only those that count usage of this user; null: all
   */
  list(id: string | null, userId: string | null): Promise<BudgetRow[]> {
    return this.dataSource.query<BudgetRow[]>(LIST, [id, userId]);
  }
}
