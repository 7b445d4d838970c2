import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import type { Price } from './domain/price.js';

/**
 * The ledger: tokens and money of one model call. Never changed, never summed as floating point. It outlives the run:
 * what was spent stays counted in budgets and costs.
 */
@Entity({ name: 'usage_ledger' })
@Index('usage_ledger_run', ['runId', 'at'])
@Index('usage_ledger_at', ['at', 'ownerId'])
@Index('usage_ledger_unpriced', ['at'], { where: 'cost_usd IS NULL' })
@Index('usage_ledger_attempt', ['phaseAttemptId'])
export class UsageEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'usage_ledger_pk' })
  id!: string;

  @Column('uuid')
  runId!: string;

  @Column('uuid')
  phaseAttemptId!: string;

  /** Owner, project and profile are the run's. */
  @Column('uuid')
  ownerId!: string;

  @Column('text')
  project!: string;

  @Column('text')
  profile!: string;

  @Column('text')
  phase!: string;

  @Column('text')
  step!: string;

  @Column('text')
  agentId!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  model!: string;

  @Column('bigint', { transformer: bigintNumber })
  inputTokens!: number;

  @Column('bigint', { transformer: bigintNumber })
  outputTokens!: number;

  @Column('bigint', { transformer: bigintNumber })
  cacheReadTokens!: number;

  @Column('bigint', { transformer: bigintNumber })
  cacheWriteTokens!: number;

  /** The price that was used; null where none is known. */
  @Column('jsonb', { nullable: true })
  price!: Price | null;

  /** null: unpriced. */
  @Column('numeric', { precision: 20, scale: 10, nullable: true })
  costUsd!: string | null;

  @Column('timestamptz')
  at!: Date;
}
