import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';

/** A value for steps that name it, sealed. Of several with one name the narrowest scope that fits a run holds. */
@Entity({ name: 'secrets' })
@Index('secrets_scope', { synchronize: false })
export class SecretEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'secrets_pk' })
  id!: string;

  @Column('text')
  name!: string;

  /** null: for runs of every profile. */
  @Column('text', { nullable: true })
  profile!: string | null;

  /** Project name of the runs; null: every project. */
  @Column('text', { nullable: true })
  project!: string | null;

  @Column('text')
  sealed!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;

  /** Who set the present value; null where that person was removed. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'secrets_updated_by_fk', onDelete: 'SET NULL' })
  updatedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;
}
