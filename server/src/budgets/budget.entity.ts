import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import { bigintNumber } from '../persistence/number-transformers.js';
import type { BudgetKind, BudgetPeriod } from './domain/budget.js';

/** A limit on the usage of several runs together. A run's own limits are with the run. */
@Entity({ name: 'budgets' })
@Index('budgets_scope', ['kind', 'subject', 'period'], { unique: true })
export class BudgetEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'budgets_pk' })
  id!: string;

  @Column('text')
  kind!: BudgetKind;

  /** Project name, id of the runs' owner, or `<profile>/<phase>`; empty where it counts everything. */
  @Column('text')
  subject!: string;

  @Column('text')
  period!: BudgetPeriod;

  @Column('numeric', { precision: 20, scale: 10, nullable: true })
  maxCostUsd!: string | null;

  @Column('bigint', { nullable: true, transformer: bigintNumber })
  maxTokens!: number | null;

  @Column('timestamptz')
  createdAt!: Date;

  /** null where that person was removed. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'budgets_created_by_fk', onDelete: 'SET NULL' })
  createdBy!: string | null;

  @Column('timestamptz')
  updatedAt!: Date;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'budgets_updated_by_fk', onDelete: 'SET NULL' })
  updatedBy!: string | null;
}
