import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';
import type { TickOutcome } from './domain/decide-tick.js';
import { ScheduleEntity } from './schedule.entity.js';

/** What came of one tick. The key lets no tick happen twice. */
@Entity({ name: 'schedule_ticks' })
export class ScheduleTickEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'schedule_ticks_pk' })
  @ForeignKey(() => ScheduleEntity, { name: 'schedule_ticks_schedule_fk', onDelete: 'CASCADE' })
  scheduleId!: string;

  @PrimaryColumn('timestamptz', { primaryKeyConstraintName: 'schedule_ticks_pk' })
  scheduledAt!: Date;

  /** When it was dealt with. */
  @Column('timestamptz')
  at!: Date;

  @Column('text')
  outcome!: TickOutcome;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => RunEntity, { name: 'schedule_ticks_run_fk', onDelete: 'SET NULL' })
  @Index('schedule_ticks_run')
  runId!: string | null;

  @Column('text', { nullable: true })
  detail!: string | null;
}
