import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Requests of all processes in one minute under one key. An unlogged table: a crash forgives them. */
@Entity({ name: 'rate_windows' })
export class RateWindowEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'rate_windows_pk' })
  key!: string;

  /** Minutes since the epoch. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'rate_windows_pk' })
  @Index('rate_windows_minute')
  minute!: number;

  @Column('integer')
  used!: number;
}
