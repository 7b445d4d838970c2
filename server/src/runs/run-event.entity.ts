import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { RunEntity } from './run.entity.js';

export interface EventActor {
  /** `system` where nobody asked for it. */
  readonly kind: 'user' | 'worker' | 'system';
  readonly id: string | null;
  readonly name: string | null;
}

/** An entry of a run's append-only history; `seq` is 1, 2, 3 … without gaps, taken under the run's row lock. */
@Entity({ name: 'run_events' })
@Index('run_events_global', ['tx', 'globalId'], { unique: true })
export class RunEventEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_events_pk' })
  @ForeignKey(() => RunEntity, { name: 'run_events_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'run_events_pk' })
  seq!: number;

  @Column('text')
  type!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('jsonb', { nullable: true })
  actor!: EventActor | null;

  @Column('text', { nullable: true })
  phase!: string | null;

  @Column('text', { nullable: true })
  step!: string | null;

  @Column('integer', { nullable: true })
  attempt!: number | null;

  @Column('jsonb')
  data!: Record<string, unknown>;

  /** Order across runs, behind `tx`; may be read only below the oldest transaction still open. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', transformer: bigintNumber })
  globalId!: number;

  /** The writing transaction. */
  @Column('bigint', { select: false })
  tx!: string;
}
