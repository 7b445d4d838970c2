import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** The one-time token by which the first administrator is made; there is at most one row. */
@Entity({ name: 'setup_tokens' })
@Check('setup_tokens_single', 'id = 1')
export class SetupTokenEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'setup_tokens_pk' })
  id!: number;

  /** SHA-256 of the token. */
  @Column('bytea')
  tokenHash!: Buffer;

  @Column('timestamptz')
  createdAt!: Date;
}
