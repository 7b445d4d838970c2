import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row of what the last complete round removed, whichever process did it. */
@Entity({ name: 'retention_rounds' })
export class RetentionRoundEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'retention_rounds_pk' })
  id!: number;

  @Column('timestamptz')
  startedAt!: Date;

  @Column('timestamptz')
  endedAt!: Date;

  /** Runs. */
  @Column('integer')
  archived!: number;

  /** Runs. */
  @Column('integer')
  erased!: number;

  /** Uploaded repositories. */
  @Column('integer')
  uploads!: number;

  /** Contents of artifacts. */
  @Column('integer')
  contents!: number;

  /** Of webhooks. */
  @Column('integer')
  deliveries!: number;
}
