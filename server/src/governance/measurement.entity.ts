import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { PhaseAttemptEntity } from '../runs/phase-attempt.entity.js';
import { RunEntity } from '../runs/run.entity.js';

/** A figure that a step reported or that was read from a report. */
@Entity({ name: 'measurements' })
@Index('measurements_attempt', ['phaseAttemptId'])
@Index('measurements_run', ['runId'])
export class MeasurementEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    primaryKeyConstraintName: 'measurements_pk',
    generatedIdentity: 'ALWAYS',
  })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'measurements_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid')
  @ForeignKey(() => PhaseAttemptEntity, {
    name: 'measurements_attempt_fk',
    onDelete: 'CASCADE',
    deferrable: 'INITIALLY DEFERRED',
  })
  phaseAttemptId!: string;

  @Column('text')
  name!: string;

  @Column('double precision')
  value!: number;

  @Column('text')
  source!: string;

  @Column('text', { nullable: true })
  sha256!: string | null;

  @Column('text', { nullable: true })
  step!: string | null;
}
