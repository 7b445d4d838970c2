import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import type { CreateRunDto } from '../runs/dto/create-run.dto.js';
import { RunEntity } from '../runs/run.entity.js';
import type { CatchUp, Overlap } from './domain/decide-tick.js';

/** Creates runs of its owner's at times. */
@Entity({ name: 'schedules' })
@Index('schedules_owner', ['ownerId', 'name'])
@Index('schedules_due', ['nextRunAt'], { where: 'enabled' })
export class ScheduleEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'schedules_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'schedules_owner_fk', onDelete: 'CASCADE' })
  ownerId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  cron!: string;

  @Column('text')
  timeZone!: string;

  @Column('text')
  overlap!: Overlap;

  @Column('text')
  catchUp!: CatchUp;

  @Column('jsonb')
  run!: CreateRunDto;

  @Column('boolean')
  enabled!: boolean;

  /** The tick that comes next, or is due; null where the pattern never fits again or the schedule is disabled. */
  @Column('timestamptz', { nullable: true })
  nextRunAt!: Date | null;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => RunEntity, { name: 'schedules_last_run_fk', onDelete: 'SET NULL' })
  @Index('schedules_last_run')
  lastRunId!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
