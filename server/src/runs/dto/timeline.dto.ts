import { ApiProperty, PickType } from '@nestjs/swagger';
import { PHASE_STATUSES, type PhaseStatus } from '../domain/phase-status.js';
import { StepInfoDto } from './step-info.dto.js';

export class TimelineStepDto extends PickType(StepInfoDto, [
  'step',
  'status',
  'tries',
  'queued_at',
  'started_at',
  'completed_at',
] as const) {}

export class TimelineAttemptDto {
  @ApiProperty({ type: 'integer', description: 'Its number, from 1.', example: 1 })
  attempt!: number;

  @ApiProperty({
    enum: PHASE_STATUSES,
    enumName: 'PhaseStatus',
    description: 'Its status.',
    example: 'completed',
  })
  status!: PhaseStatus;

  @ApiProperty({ format: 'date-time', description: 'When it started.', example: '2026-01-02T03:04:05.678Z' })
  started_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it ended; null while it goes on.',
    example: '2026-01-02T03:04:15.678Z',
  })
  completed_at!: string | null;

  @ApiProperty({ description: 'Whether a later attempt or a rollback took its place.', example: false })
  superseded!: boolean;

  @ApiProperty({ type: [TimelineStepDto], description: 'Its steps that became ready, in order.' })
  steps!: TimelineStepDto[];
}

export class TimelinePhaseDto {
  @ApiProperty({ description: 'Name of the phase.', example: 'discovery' })
  phase!: string;

  @ApiProperty({ description: 'Title for people.', example: 'Discovery' })
  title!: string;

  @ApiProperty({
    enum: PHASE_STATUSES,
    enumName: 'PhaseStatus',
    description: 'Its status.',
    example: 'completed',
  })
  status!: PhaseStatus;

  @ApiProperty({ type: [TimelineAttemptDto], description: 'Its attempts, oldest first.' })
  attempts!: TimelineAttemptDto[];
}

/** When everything in a run happened. */
export class RunTimelineDto {
  @ApiProperty({ description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  run_id!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was created.',
    example: '2026-01-02T03:04:05.678Z',
  })
  created_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it completed or was cancelled.',
    example: null,
  })
  completed_at!: string | null;

  @ApiProperty({ type: [TimelinePhaseDto], description: 'Every phase of the profile in order.' })
  phases!: TimelinePhaseDto[];

  @ApiProperty({
    type: 'integer',
    description: 'Older attempts that are not in the answer: it has the newest 200.',
    example: 0,
  })
  attempts_left_out!: number;
}
