import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import { bigintNumber } from '../persistence/number-transformers.js';
import { RUN_STATUSES, type RunStatus } from './domain/run-status.js';
import type { FailureRecord, PhaseSegment } from './domain/run-state.js';
import type { WaitingKind } from './domain/waiting.js';
import { RunListIndexes } from './run-list.indexes.js';

/**
 * One run with its summary figures, which are kept in the transaction that changes their cause, so that
 * the list never computes over children. What a person gave is in `run_inputs`.
 */
@Entity({ name: 'runs' })
@RunListIndexes
export class RunEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'runs_pk' })
  id!: string;

  @Column('text')
  profile!: string;

  @Column('integer')
  profileVersion!: number;

  @Column('text')
  projectName!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'runs_owner_fk' })
  ownerId!: string;

  @Column('enum', { enum: RUN_STATUSES, enumName: 'run_status' })
  status!: RunStatus;

  @Column('text')
  currentPhase!: string;

  @Column('boolean')
  autoAdvance!: boolean;

  @Column('smallint', { default: 0 })
  priority!: number;

  @Column('smallint')
  phasesTotal!: number;

  @Column('smallint', { default: 0 })
  phasesDone!: number;

  /** Status of every phase in order, for the strip of the list. */
  @Column('jsonb')
  phaseStates!: PhaseSegment[];

  @Column('text', { nullable: true })
  waitingKind!: WaitingKind | null;

  @Column('timestamptz', { nullable: true })
  waitingSince!: Date | null;

  @Column('text', { nullable: true })
  waitingDetail!: string | null;

  @Column('numeric', { precision: 20, scale: 10, default: 0 })
  costUsd!: string;

  @Column('bigint', { default: 0, transformer: bigintNumber })
  inputTokens!: number;

  @Column('bigint', { default: 0, transformer: bigintNumber })
  outputTokens!: number;

  @Column('integer', { default: 0 })
  unpricedCalls!: number;

  /** Sum of the finished attempts' working time, milliseconds. */
  @Column('bigint', { default: 0, transformer: bigintNumber })
  workingMs!: number;

  @Column('integer', { default: 0 })
  artifactsCount!: number;

  @Column('integer', { default: 0 })
  waivedGates!: number;

  @Column('numeric', { precision: 20, scale: 10, nullable: true })
  budgetMaxCostUsd!: string | null;

  @Column('bigint', { nullable: true, transformer: bigintNumber })
  budgetMaxTokens!: number | null;

  @Column('jsonb', { nullable: true })
  failure!: FailureRecord | null;

  /** Sequence of the newest event. */
  @Column('integer', { default: 0 })
  lastSeq!: number;

  /** Rises with every change: compare-and-set, and the ETag. */
  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  archivedAt!: Date | null;
}
