import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ExecutorKind } from '../workflow/domain/profile.js';
import { STEP_STATUSES, type StepStatus } from './domain/step-status.js';
import { PhaseAttemptEntity } from './phase-attempt.entity.js';
import type { FailureRecord } from './domain/run-state.js';
import { RunEntity } from './run.entity.js';

/** A step within one attempt of a phase. */
@Entity({ name: 'steps' })
@Unique('steps_key', ['phaseAttemptId', 'key'])
@Index('steps_run', ['runId'])
@Index('steps_expiry', ['expiresAt'], { where: "status = 'waiting' AND expires_at IS NOT NULL" })
@Index('steps_waiting', ['executor', 'queuedAt'], { where: "status = 'waiting'" })
export class StepEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'steps_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'steps_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid')
  @ForeignKey(() => PhaseAttemptEntity, { name: 'steps_attempt_fk', onDelete: 'CASCADE' })
  phaseAttemptId!: string;

  @Column('text')
  phase!: string;

  /** The step's id in the profile. */
  @Column('text')
  key!: string;

  @Column('smallint')
  position!: number;

  @Column('text')
  agentId!: string;

  @Column('text')
  executor!: ExecutorKind;

  @Column('enum', { enum: STEP_STATUSES, enumName: 'step_status' })
  status!: StepStatus;

  /** What a worker must carry to claim it; empty where any may, or where this process does it. */
  @Column('text', { array: true, default: [] })
  labels!: string[];

  /** Tries so far. */
  @Column('integer', { default: 0 })
  tries!: number;

  /** Fencing token: rises with every claim; what carries an older one is refused. */
  @Column('integer', { default: 0 })
  epoch!: number;

  @Column('timestamptz', { nullable: true })
  queuedAt!: Date | null;

  /** A waiting step that nobody has taken or decided by then fails. */
  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** What leaves it no place, as a sentence. */
  @Column('text', { nullable: true })
  heldBy!: string | null;

  /** Why its next model call waits, as a sentence. */
  @Column('text', { nullable: true })
  budgetHold!: string | null;

  @Column('timestamptz', { nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  completedAt!: Date | null;

  /** Commit of the workspace after the step. */
  @Column('text', { nullable: true })
  commit!: string | null;

  @Column('text', { nullable: true })
  summary!: string | null;

  @Column('jsonb', { default: [] })
  warnings!: string[];

  @Column('jsonb', { nullable: true })
  error!: FailureRecord | null;
}
