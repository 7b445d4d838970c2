import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../user.entity.js';

/** A program that waits until somebody lets it sign in as them. */
@Entity({ name: 'device_logins' })
export class DeviceLoginEntity {
  /** Without the dash. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'device_logins_pk' })
  userCode!: string;

  /** SHA-256 of the code that only the program has. */
  @Column('bytea')
  @Index('device_logins_device_code', { unique: true })
  deviceCodeHash!: Buffer;

  /** What the program calls itself: unproven. */
  @Column('text')
  clientName!: string;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  @Index('device_logins_expiry')
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  polledAt!: Date | null;

  /** Who decided; null: nobody yet. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'device_logins_user_fk', onDelete: 'CASCADE' })
  userId!: string | null;

  /** null: nobody decided yet. */
  @Column('boolean', { nullable: true })
  approved!: boolean | null;
}
