import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { PhaseAttemptEntity } from '../runs/phase-attempt.entity.js';
import { RunEntity } from '../runs/run.entity.js';
import type { GateKind } from '../workflow/domain/profile.js';
import { GATE_STATUSES, type GateStatus, type GateVerdict } from './domain/evidence.js';

/** A verdict with what it judged: definition, threshold, actual, digests, time. */
@Entity({ name: 'gate_results' })
@Unique('gate_results_gate', ['phaseAttemptId', 'gateId'])
@Index('gate_results_run', ['runId'])
export class GateResultEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'gate_results_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'gate_results_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid')
  @ForeignKey(() => PhaseAttemptEntity, { name: 'gate_results_attempt_fk', onDelete: 'CASCADE' })
  phaseAttemptId!: string;

  @Column('text')
  phase!: string;

  @Column('text')
  gateId!: string;

  @Column('text')
  kind!: GateKind;

  @Column('enum', { enum: GATE_STATUSES, enumName: 'gate_status' })
  status!: GateStatus;

  @Column('text')
  severity!: 'block' | 'warn';

  @Column('double precision')
  weight!: number;

  @Column('jsonb')
  definition!: object;

  @Column('integer')
  profileVersion!: number;

  @Column('text', { nullable: true })
  threshold!: string | null;

  @Column('text', { nullable: true })
  actual!: string | null;

  @Column('text')
  message!: string;

  @Column('text', { nullable: true })
  remedy!: string | null;

  @Column('jsonb')
  evidence!: GateVerdict['evidence'];

  @Column('timestamptz')
  evaluatedAt!: Date;

  /** Set when an artifact it judged changed: the verdict counts no more. */
  @Column('timestamptz', { nullable: true })
  voidedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  waivedBy!: { readonly id: string; readonly name: string } | null;

  @Column('text', { nullable: true })
  waivedReason!: string | null;

  @Column('timestamptz', { nullable: true })
  waivedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  waiverExpiresAt!: Date | null;
}
