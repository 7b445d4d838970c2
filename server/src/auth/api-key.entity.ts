import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Permission } from './domain/permissions.js';
import { UserEntity } from './user.entity.js';

/** A key for programs, kept only as a keyed hash; `prefix` is its recognisable beginning. */
@Entity({ name: 'api_keys' })
@Index('api_keys_user', ['userId', 'createdAt'])
export class ApiKeyEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_keys_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'api_keys_user_fk', onDelete: 'CASCADE' })
  userId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  prefix!: string;

  /** HMAC-SHA-256 of the whole key. */
  @Column('bytea')
  @Index('api_keys_hash', { unique: true })
  keyHash!: Buffer;

  /** null: everything that the owner's role allows. */
  @Column('text', { array: true, nullable: true })
  scopes!: Permission[] | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** Exact to a minute. */
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
