import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Price } from '../agents/domain/price.js';
import { bigintNumber } from '../persistence/number-transformers.js';
import type { CallState } from './domain/budget.js';

/**
 * A model call that was allowed, with its worst case. Its row of the ledger has the same id. An open one outlives its
 * run: what may have been spent stays reserved until somebody says what it was.
 */
@Entity({ name: 'model_calls' })
@Index('model_calls_run', ['runId', 'state'])
@Index('model_calls_open', ['state', 'at'], { where: "state IN ('reserved', 'unknown')" })
export class ModelCallEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'model_calls_pk' })
  id!: string;

  @Column('uuid')
  runId!: string;

  @Column('uuid')
  phaseAttemptId!: string;

  /** The try that makes it; null where the step has none. */
  @Column('uuid', { nullable: true })
  stepAttemptId!: string | null;

  /** Of that try when the call was allowed. */
  @Column('integer', { nullable: true })
  epoch!: number | null;

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

  /** The price that it is settled with; null: unpriced. */
  @Column('jsonb', { nullable: true })
  price!: Price | null;

  @Column('bigint', { transformer: bigintNumber })
  reservedTokens!: number;

  @Column('numeric', { precision: 20, scale: 10, nullable: true })
  reservedUsd!: string | null;

  @Column('text')
  state!: CallState;

  @Column('timestamptz')
  at!: Date;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
