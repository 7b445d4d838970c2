import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { TRY_STATUSES, type TryStatus } from './domain/step-status.js';
import type { FailureRecord } from './domain/run-state.js';
import { RunEntity } from './run.entity.js';
import { StepEntity } from './step.entity.js';

/** One try of a step, held under a lease while it runs. */
@Entity({ name: 'step_attempts' })
@Unique('step_attempts_number', ['stepId', 'number'])
@Index('step_attempts_run', ['runId'])
@Index('step_attempts_lease', ['leaseExpiresAt'], { where: "status = 'running'" })
@Index('step_attempts_due', ['runAt'], { where: "status = 'queued'" })
export class StepAttemptEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'step_attempts_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'step_attempts_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid')
  @ForeignKey(() => StepEntity, { name: 'step_attempts_step_fk', onDelete: 'CASCADE' })
  stepId!: string;

  /** From 1. */
  @Column('integer')
  number!: number;

  @Column('enum', { enum: TRY_STATUSES, enumName: 'try_status' })
  status!: TryStatus;

  /** The step's epoch at the last claim of this try; 0 before. */
  @Column('integer', { default: 0 })
  epoch!: number;

  @Column('text', { nullable: true })
  workerId!: string | null;

  @Column('timestamptz', { nullable: true })
  leaseExpiresAt!: Date | null;

  /** Not before: now, or the end of a back-off. */
  @Column('timestamptz')
  runAt!: Date;

  @Column('timestamptz', { nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  error!: FailureRecord | null;
}
