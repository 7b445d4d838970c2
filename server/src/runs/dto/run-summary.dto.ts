import { ApiProperty } from '@nestjs/swagger';
import { RUN_STATUSES, type RunStatus } from '../domain/run-status.js';
import { PHASE_STATUSES, type PhaseStatus } from '../domain/phase-status.js';
import { WAITING_KINDS, type WaitingKind } from '../domain/waiting.js';

export class WaitingOnDto {
  @ApiProperty({
    enum: WAITING_KINDS,
    enumName: 'WaitingKind',
    description: 'What would move the run.',
    example: 'advance',
  })
  kind!: WaitingKind;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Since when.',
    example: '2026-01-02T03:04:05.678Z',
  })
  since!: string;

  @ApiProperty({
    description: 'A sentence: what is awaited and what would move it.',
    example: 'Advance to execute discovery.',
  })
  detail!: string;
}

export class PhaseSegmentDto {
  @ApiProperty({ description: 'Name of the phase.', example: 'discovery' })
  phase!: string;

  @ApiProperty({
    enum: PHASE_STATUSES,
    enumName: 'PhaseStatus',
    description: 'Its status.',
    example: 'pending',
  })
  status!: PhaseStatus;
}

export class ProgressDto {
  @ApiProperty({ type: 'integer', description: 'Phases that are completed or skipped.', example: 2 })
  phases_done!: number;

  @ApiProperty({ type: 'integer', description: 'Phases of the profile.', example: 5 })
  phases_total!: number;

  @ApiProperty({ description: 'Share of phases done, 0–1.', example: 0.4 })
  ratio!: number;

  @ApiProperty({ type: [PhaseSegmentDto], description: 'Every phase in order with its status.' })
  phases!: PhaseSegmentDto[];
}

export class OwnerDto {
  @ApiProperty({ description: 'Id of the user.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11' })
  user_id!: string;

  @ApiProperty({ description: 'Name shown to people.', example: 'Ada' })
  name!: string;

  @ApiProperty({ description: 'E-mail address.', example: 'ada@example.org' })
  email!: string;
}

/** A run as lists show it. */
export class RunSummaryDto {
  @ApiProperty({
    format: 'uuid',
    description: 'UUIDv7 of the run.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  run_id!: string;

  @ApiProperty({ description: 'Name of the profile.', example: 'self_hardening' })
  profile!: string;

  @ApiProperty({
    type: 'integer',
    description: 'Version of the profile the run was created with.',
    example: 1,
  })
  profile_version!: number;

  @ApiProperty({ description: 'Name of the project.', example: 'demo' })
  project_name!: string;

  @ApiProperty({
    description: 'Phase that executes or is to execute next; the last one once complete.',
    example: 'discovery',
  })
  current_phase!: string;

  @ApiProperty({
    enum: RUN_STATUSES,
    enumName: 'RunStatus',
    description: 'Status of the run.',
    example: 'running',
  })
  status!: RunStatus;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it was created.',
    example: '2026-01-02T03:04:05.678Z',
  })
  created_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When it last changed.',
    example: '2026-01-02T03:05:05.678Z',
  })
  updated_at!: string;

  @ApiProperty({ type: OwnerDto, description: 'Who created it.' })
  owner!: OwnerDto;

  @ApiProperty({ type: ProgressDto, description: 'How far it is.' })
  progress!: ProgressDto;

  @ApiProperty({
    type: WaitingOnDto,
    nullable: true,
    description: 'What the run waits for; null when nothing can move it.',
  })
  waiting_on!: WaitingOnDto | null;

  @ApiProperty({
    description: 'Cost so far in US dollars; calls of models without a price are not in it.',
    example: 0.021,
  })
  cost_usd!: number;

  @ApiProperty({ type: 'integer', description: 'Model calls whose cost is unknown.', example: 0 })
  unpriced_calls!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Working time so far in seconds; null before a phase ended.',
    example: 12.5,
  })
  total_duration_seconds!: number | null;

  @ApiProperty({ type: 'integer', description: 'Artifacts, newest versions.', example: 7 })
  artifacts_count!: number;

  @ApiProperty({ type: 'integer', description: 'Gates that were waived.', example: 0 })
  waived_gates!: number;

  @ApiProperty({ description: 'Whether phases start by themselves.', example: true })
  auto_advance!: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was archived.',
    example: null,
  })
  archived_at!: string | null;
}

export class RunListDto {
  @ApiProperty({ type: [RunSummaryDto], description: 'The page.' })
  runs!: RunSummaryDto[];

  @ApiProperty({ type: 'integer', description: 'Runs that match, counted up to 10,000.', example: 1 })
  total!: number;

  @ApiProperty({ description: 'Whether more match than were counted.', example: false })
  total_capped!: boolean;

  @ApiProperty({ type: 'integer', description: 'Size of the page.', example: 50 })
  limit!: number;

  @ApiProperty({ type: 'integer', description: 'Offset of the page; 0 with a cursor.', example: 0 })
  offset!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Cursor of the next page; null on the last.',
    example: null,
  })
  next_cursor!: string | null;
}
