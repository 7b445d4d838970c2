import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { PhaseAttemptEntity } from '../runs/phase-attempt.entity.js';
import { RunEntity } from '../runs/run.entity.js';
import type { Price } from './domain/price.js';

/** The ledger: tokens and money of one model call. Never changed, never summed as floating point. */
@Entity({ name: 'usage_ledger' })
@Index('usage_ledger_run', ['runId', 'at'])
export class UsageEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'usage_ledger_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'usage_ledger_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid')
  @ForeignKey(() => PhaseAttemptEntity, { name: 'usage_ledger_attempt_fk', onDelete: 'CASCADE' })
  phaseAttemptId!: string;

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
