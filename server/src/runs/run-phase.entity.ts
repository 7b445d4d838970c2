import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { PHASE_STATUSES, type PhaseStatus } from './domain/phase-status.js';
import type { FailureRecord } from './domain/run-state.js';
import { RunEntity } from './run.entity.js';

/** A phase of a run, as it stands in its newest attempt. */
@Entity({ name: 'run_phases' })
@Unique('run_phases_position', ['runId', 'position'])
export class RunPhaseEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_phases_pk' })
  @ForeignKey(() => RunEntity, { name: 'run_phases_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'run_phases_pk' })
  phase!: string;

  @Column('smallint')
  position!: number;

  @Column('enum', { enum: PHASE_STATUSES, enumName: 'phase_status' })
  status!: PhaseStatus;

  /** Number of the newest attempt; 0 before the first. */
  @Column('integer', { default: 0 })
  attempt!: number;

  @Column('timestamptz', { nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  /** Working time of all attempts that ended, milliseconds. */
  @Column('bigint', { default: 0, transformer: bigintNumber })
  workingMs!: number;

  @Column('integer', { default: 0 })
  artifactsCount!: number;

  @Column('jsonb', { nullable: true })
  error!: FailureRecord | null;

  /** Commit of the workspace after the phase. */
  @Column('text', { nullable: true })
  checkpoint!: string | null;
}
