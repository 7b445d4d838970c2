import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { HygieneInspection } from '../governance/hygiene/inspection.js';
import { bigintNumber } from '../persistence/number-transformers.js';
import type { FailureRecord, WaiverRequest } from './domain/run-state.js';
import { PHASE_STATUSES, type PhaseStatus } from './domain/phase-status.js';
import { RunEntity } from './run.entity.js';

/** One try of a phase; older ones stay readable. */
@Entity({ name: 'phase_attempts' })
@Index('phase_attempts_in_progress', ['runId'], { where: "status = 'in_progress'" })
@Unique('phase_attempts_number', ['runId', 'phase', 'number'])
export class PhaseAttemptEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'phase_attempts_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'phase_attempts_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('text')
  phase!: string;

  @Column('integer')
  number!: number;

  @Column('enum', { enum: PHASE_STATUSES, enumName: 'phase_status' })
  status!: PhaseStatus;

  /** What a reviewer asked for when this attempt was requested. */
  @Column('text', { nullable: true })
  comment!: string | null;

  /** Commit of the workspace the attempt starts from; null until the workspace was prepared. */
  @Column('text', { nullable: true })
  baseCommit!: string | null;

  @Column('text', { nullable: true })
  checkpoint!: string | null;

  @Column('timestamptz')
  startedAt!: Date;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @Column('bigint', { nullable: true, transformer: bigintNumber })
  workingMs!: number | null;

  @Column('jsonb', { nullable: true })
  error!: FailureRecord | null;

  /** What was found in what the run had produced by its end; null where it was not inspected. */
  @Column('jsonb', { nullable: true })
  hygiene!: HygieneInspection | null;

  /** Who asked beforehand to waive what its gates block, and why. */
  @Column('jsonb', { nullable: true })
  waiver!: WaiverRequest | null;

  /** Fencing token of the evaluation at the end of the attempt. */
  @Column('integer', { default: 0 })
  epoch!: number;

  @Column('timestamptz', { nullable: true })
  leaseExpiresAt!: Date | null;

  /** Set when what its gates judged changed after they blocked: they are evaluated anew instead of the steps. */
  @Column('timestamptz', { nullable: true })
  reopenedAt!: Date | null;

  /** Set by a rollback past this attempt. */
  @Column('timestamptz', { nullable: true })
  supersededAt!: Date | null;
}
