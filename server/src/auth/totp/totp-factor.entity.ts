import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../user.entity.js';

/** The second factor of a local account: it counts once it is confirmed. */
@Entity({ name: 'totp_factors' })
export class TotpFactorEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'totp_factors_pk' })
  @ForeignKey(() => UserEntity, { name: 'totp_factors_user_fk', onDelete: 'CASCADE' })
  userId!: string;

  @Column('text')
  sealedSecret!: string;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  confirmedAt!: Date | null;

  /** The newest time step whose code was used: no code counts twice. */
  @Column('integer')
  lastStep!: number;

  /** Keyed hashes of the codes that are left. */
  @Column('bytea', { array: true })
  recoveryHashes!: Buffer[];
}
