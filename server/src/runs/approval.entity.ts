import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import { RunEntity } from './run.entity.js';
import { StepEntity } from './step.entity.js';

/** A person's decision on an approval step. */
@Entity({ name: 'approvals' })
@Index('approvals_step_user', ['stepId', 'userId'], { unique: true, where: 'voided_at IS NULL' })
@Index('approvals_run', ['runId'])
export class ApprovalEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'approvals_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'approvals_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid')
  @ForeignKey(() => StepEntity, { name: 'approvals_step_fk', onDelete: 'CASCADE' })
  stepId!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'approvals_user_fk' })
  userId!: string;

  @Column('text')
  role!: 'viewer' | 'member' | 'admin';

  @Column('text')
  decision!: 'approved' | 'changes_requested';

  @Column('text', { nullable: true })
  comment!: string | null;

  /** What was decided on: digest by artifact path. */
  @Column('jsonb')
  digests!: Record<string, string>;

  @Column('timestamptz')
  at!: Date;

  /** Set when what was decided on changed: the decision counts no more. */
  @Column('timestamptz', { nullable: true })
  voidedAt!: Date | null;
}
