import { ApiProperty, PickType } from '@nestjs/swagger';
import { PHASE_STATUSES, type PhaseStatus } from '../domain/phase-status.js';
import { PhaseInfoDto } from './phase-info.dto.js';

/** One attempt of a phase. */
export class PhaseAttemptDto extends PickType(PhaseInfoDto, [
  'steps',
  'gates',
  'approval',
  'error',
] as const) {
  @ApiProperty({ type: 'integer', description: 'Its number, from 1.', example: 1 })
  attempt!: number;

  @ApiProperty({
    enum: PHASE_STATUSES,
    enumName: 'PhaseStatus',
    description: 'Its status.',
    example: 'failed',
  })
  status!: PhaseStatus;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What a reviewer asked for when it was requested.',
    example: null,
  })
  comment!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it started.', example: '2026-01-02T03:04:05.678Z' })
  started_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it ended.',
    example: '2026-01-02T03:04:15.678Z',
  })
  completed_at!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Its working time, seconds.', example: 10 })
  duration_seconds!: number | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a rollback went back past it.',
    example: null,
  })
  superseded_at!: string | null;
}

export class PhaseAttemptsDto {
  @ApiProperty({ type: [PhaseAttemptDto], description: 'Newest first.' })
  attempts!: PhaseAttemptDto[];
}
