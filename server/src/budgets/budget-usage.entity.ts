import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { BudgetEntity } from './budget.entity.js';

/**
 * What a budget holds in one period: what the ledger says was spent, and what open calls have reserved. Changed only
 * under its row lock, so that a call is checked against one row however many calls there were.
 */
@Entity({ name: 'budget_usage' })
export class BudgetUsageEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'budget_usage_pk' })
  @ForeignKey(() => BudgetEntity, { name: 'budget_usage_budget_fk', onDelete: 'CASCADE' })
  budgetId!: string;

  /** `2026-11` (UTC), or `all` where the budget has no periods. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'budget_usage_pk' })
  period!: string;

  @Column('numeric', { precision: 20, scale: 10, default: 0 })
  costUsd!: string;

  /** Input and output; what is read from or written to a cache counts as money only. */
  @Column('bigint', { default: 0, transformer: bigintNumber })
  tokens!: number;

  @Column('numeric', { precision: 20, scale: 10, default: 0 })
  reservedUsd!: string;

  @Column('bigint', { default: 0, transformer: bigintNumber })
  reservedTokens!: number;
}
