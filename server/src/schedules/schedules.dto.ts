import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsNotEmpty, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { MayBeAbsent } from '../problems/may-be-absent.decorator.js';
import { CreateRunDto } from '../runs/dto/create-run.dto.js';
import {
  CATCH_UPS,
  OVERLAPS,
  TICK_OUTCOMES,
  type CatchUp,
  type Overlap,
  type TickOutcome,
} from './domain/decide-tick.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-05T02:00:00.000Z';

export class CreateScheduleDto {
  @ApiProperty({ maxLength: 200, description: 'What it is for.', example: 'Weekly hardening' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name!: string;

  @ApiProperty({
    maxLength: 100,
    description: 'Cron pattern of five fields: minute, hour, day of the month, month, day of the week.',
    example: '0 2 * * MON',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  cron!: string;

  @ApiPropertyOptional({
    description: 'IANA time zone of the pattern.',
    example: 'Europe/Berlin',
    default: 'UTC',
  })
  @MayBeAbsent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  time_zone?: string;

  @ApiPropertyOptional({
    enum: OVERLAPS,
    enumName: 'Overlap',
    description:
      'While the run of the tick before is not over: leave the tick out, wait for its end, or start beside it.',
    example: 'skip',
    default: 'skip',
  })
  @MayBeAbsent()
  @IsIn(OVERLAPS)
  overlap?: Overlap;

  @ApiPropertyOptional({
    enum: CATCH_UPS,
    enumName: 'CatchUp',
    description:
      'Ticks that passed while nothing was up: one run for all of them, or none. `queue` always makes one.',
    example: 'once',
    default: 'once',
  })
  @MayBeAbsent()
  @IsIn(CATCH_UPS)
  catch_up?: CatchUp;

  @ApiPropertyOptional({ description: 'Whether it creates runs.', example: true, default: true })
  @MayBeAbsent()
  @IsBoolean()
  enabled?: boolean;

  @ApiProperty({ type: CreateRunDto, description: 'The run to create, as `POST /runs` takes it.' })
  @IsObject()
  @ValidateNested()
  @Type(() => CreateRunDto)
  run!: CreateRunDto;
}

export class UpdateScheduleDto extends PartialType(CreateScheduleDto, { skipNullProperties: false }) {}

export class PreviewScheduleDto extends PickType(CreateScheduleDto, ['cron', 'time_zone'] as const) {}

export class ScheduleTimesDto {
  @ApiProperty({ type: [String], description: 'The next five times.', example: [TIME] })
  next_times!: string[];
}

export class ScheduleDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: ID })
  schedule_id!: string;

  @ApiProperty({ description: 'What it is for.', example: 'Weekly hardening' })
  name!: string;

  @ApiProperty({ format: 'uuid', description: 'Whose runs it creates.', example: ID })
  owner_id!: string;

  @ApiProperty({ description: 'Cron pattern of five fields.', example: '0 2 * * MON' })
  cron!: string;

  @ApiProperty({ description: 'IANA time zone of the pattern.', example: 'Europe/Berlin' })
  time_zone!: string;

  @ApiProperty({
    enum: OVERLAPS,
    enumName: 'Overlap',
    description: 'What overlapping ticks do.',
    example: 'skip',
  })
  overlap!: Overlap;

  @ApiProperty({
    enum: CATCH_UPS,
    enumName: 'CatchUp',
    description: 'What missed ticks do.',
    example: 'once',
  })
  catch_up!: CatchUp;

  @ApiProperty({ description: 'Whether it creates runs.', example: true })
  enabled!: boolean;

  @ApiProperty({ type: CreateRunDto, description: 'The run that it creates.' })
  run!: CreateRunDto;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'Its next tick; past while it waits for the run of the tick before. Null where there is none.',
    example: TIME,
  })
  next_run_at!: string | null;

  @ApiProperty({ type: [String], description: 'The times after now, at most five.', example: [TIME] })
  next_times!: string[];

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Its newest run.', example: ID })
  last_run_id!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: '2026-01-02T03:04:05.678Z' })
  created_at!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was last changed.',
    example: '2026-01-02T03:04:05.678Z',
  })
  updated_at!: string;
}

export class SchedulesDto {
  @ApiProperty({ type: [ScheduleDto], description: 'By name.' })
  schedules!: ScheduleDto[];
}

export class ScheduleTickDto {
  @ApiProperty({ format: 'date-time', description: 'When it was to happen.', example: TIME })
  scheduled_at!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was dealt with.',
    example: '2026-01-05T02:00:00.412Z',
  })
  at!: string;

  @ApiProperty({
    enum: TICK_OUTCOMES,
    enumName: 'TickOutcome',
    description: 'Whether a run was created, left out on purpose, or could not be created.',
    example: 'started',
  })
  outcome!: TickOutcome;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The run.', example: ID })
  run_id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why, in words.', example: null })
  detail!: string | null;
}

export class ScheduleDetailDto extends ScheduleDto {
  @ApiProperty({ type: [ScheduleTickDto], description: 'What came of its ticks, newest first, at most 100.' })
  ticks!: ScheduleTickDto[];
}
