import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import type { ShareRole } from '../runs/domain/run-uses.js';
import { RunEntity } from '../runs/run.entity.js';

/** That somebody, or everybody, may look at a run or edit it. */
@Entity({ name: 'run_shares' })
@Index('run_shares_whom', { synchronize: false })
export class RunShareEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_shares_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'run_shares_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  /** null: everybody who can sign in. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'run_shares_user_fk', onDelete: 'CASCADE' })
  @Index('run_shares_user')
  userId!: string | null;

  @Column('text')
  role!: ShareRole;

  @Column('timestamptz')
  createdAt!: Date;
}
