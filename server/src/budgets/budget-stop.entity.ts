import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';

/** That a budget refused calls of a step. */
@Entity({ name: 'budget_stops' })
@Index('budget_stops_budget', ['budget', 'at'])
@Index('budget_stops_last', ['lastAt'])
export class BudgetStopEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'budget_stops_pk' })
  @ForeignKey(() => RunEntity, { name: 'budget_stops_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'budget_stops_pk' })
  phaseAttemptId!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'budget_stops_pk' })
  step!: string;

  /** Id of the budget, or `run` or `phase` for the limits that come with the run. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'budget_stops_pk' })
  budget!: string;

  @Column('text')
  phase!: string;

  /** What was said when it was refused last. */
  @Column('text')
  message!: string;

  /** Refusals, asked again included. */
  @Column('integer', { default: 1 })
  times!: number;

  @Column('timestamptz')
  at!: Date;

  @Column('timestamptz')
  lastAt!: Date;
}
