import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';

/** Who did what, when, from where, and what came of it. Written once, never changed: a trigger refuses it. */
@Entity({ name: 'audit_entries' })
@Index('audit_entries_actor', ['actorId', 'seq'])
export class AuditEntryEntity {
  /** 1, 2, 3 … without gaps. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'audit_entries_pk', transformer: bigintNumber })
  seq!: number;

  @Column('timestamptz')
  at!: Date;

  /** null: nobody who is known, or the system. No reference: an entry outlives the account. */
  @Column('uuid', { nullable: true })
  actorId!: string | null;

  @Column('text', { nullable: true })
  actorName!: string | null;

  /** By which proof; null where there was none. */
  @Column('text', { nullable: true })
  via!: string | null;

  /** Method and route, such as `POST /runs/:run_id/pause`, or a name of ours for what is no request. */
  @Column('text')
  action!: string;

  /** Path of the request, or what else it was about. */
  @Column('text')
  target!: string;

  /** HTTP status; null for what is no request. */
  @Column('integer', { nullable: true })
  status!: number | null;

  @Column('text', { nullable: true })
  address!: string | null;

  @Column('text', { nullable: true })
  userAgent!: string | null;

  /** SHA-256 over the hash of the entry before and the fields of this one. */
  @Column('bytea')
  hash!: Buffer;
}
