import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.js';

/** The link by which somebody sets a new password once; a newer one takes its place. */
@Entity({ name: 'password_resets' })
export class PasswordResetEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'password_resets_pk' })
  @ForeignKey(() => UserEntity, { name: 'password_resets_user_fk', onDelete: 'CASCADE' })
  userId!: string;

  /** SHA-256 of the token. */
  @Column('bytea')
  @Index('password_resets_token', { unique: true })
  tokenHash!: Buffer;

  @Column('timestamptz')
  expiresAt!: Date;
}
