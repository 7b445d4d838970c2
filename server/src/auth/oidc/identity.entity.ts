import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../user.entity.js';

/** Who somebody is for an identity provider. A person has one identity of each provider. */
@Entity({ name: 'identities' })
@Index('identities_user', ['userId', 'issuer'], { unique: true })
export class IdentityEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identities_pk' })
  issuer!: string;

  /** `sub`: never given to somebody else by the provider, as against an e-mail. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identities_pk' })
  subject!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'identities_user_fk', onDelete: 'CASCADE' })
  userId!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
