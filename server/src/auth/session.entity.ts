import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from './user.entity.js';

/**
 * One sign-in: the family of the refresh tokens that follow one another. Only the newest `generation` is good;
 * an older one that comes back was copied, and ends the family.
 */
@Entity({ name: 'sessions' })
@Index('sessions_user', ['userId', 'createdAt'])
export class SessionEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sessions_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'sessions_user_fk', onDelete: 'CASCADE' })
  userId!: string;

  @Column('integer')
  generation!: number;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  rotatedAt!: Date;

  @Column('timestamptz')
  @Index('sessions_expiry')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  @Column('text', { nullable: true })
  userAgent!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;

  /** Sealed; null where the sign-in was not by an identity provider. */
  @Column('text', { nullable: true })
  sealedIdToken!: string | null;

  /** The `sid` of the identity provider's session; null where it tells none. */
  @Column('text', { nullable: true })
  @Index('sessions_provider', { where: 'provider_session_id IS NOT NULL' })
  providerSessionId!: string | null;
}
