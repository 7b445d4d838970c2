import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';

/** A request that was made under an `Idempotency-Key`, and its answer once there is one. */
@Entity({ name: 'idempotency_keys' })
export class IdempotencyKeyEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'idempotency_keys_pk' })
  @ForeignKey(() => UserEntity, { name: 'idempotency_keys_user_fk', onDelete: 'CASCADE' })
  userId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_keys_pk' })
  key!: string;

  /** SHA-256 over method, path and body. */
  @Column('bytea')
  requestDigest!: Buffer;

  /** The execution that holds the key; a later one takes it over when the lock has run out. */
  @Column('uuid')
  execution!: string;

  @Column('timestamptz')
  @Index('idempotency_keys_age')
  createdAt!: Date;

  @Column('timestamptz')
  lockedUntil!: Date;

  /** What executions have done so far and what came of it, by name: a repetition is not to do it again. */
  @Column('jsonb', { default: {} })
  effects!: Record<string, unknown>;

  /** HTTP status of the answer; null while the first request is being executed. */
  @Column('smallint', { nullable: true })
  status!: number | null;

  @Column('jsonb', { nullable: true })
  headers!: Record<string, string> | null;

  /** Encrypted, since an answer may hold a secret that is shown once. */
  @Column('bytea', { nullable: true })
  body!: Buffer | null;
}
