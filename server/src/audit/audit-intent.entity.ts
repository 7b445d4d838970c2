import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuditFact } from './chain.js';

/** A request that may change something and has no entry yet. Removed together with the writing of the entry. */
@Entity({ name: 'audit_intents' })
export class AuditIntentEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'audit_intents_pk' })
  id!: string;

  /** When the request came. */
  @Column('timestamptz')
  at!: Date;

  /** The entry as it would be; the status is null, since the outcome is not known. */
  @Column('jsonb')
  fact!: AuditFact;
}
