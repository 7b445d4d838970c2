import { ApiProperty } from '@nestjs/swagger';
import { PHASE_STATUSES, type PhaseStatus } from '../domain/phase-status.js';
import { GateDto } from './gate.dto.js';
import { FailureDto, StepInfoDto } from './step-info.dto.js';

export class ApprovalDecisionDto {
  @ApiProperty({ description: 'Id of the person.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11' })
  user_id!: string;

  @ApiProperty({ description: 'Name of the person.', example: 'Ada' })
  name!: string;

  @ApiProperty({ enum: ['approved', 'changes_requested'], description: 'The decision.', example: 'approved' })
  decision!: 'approved' | 'changes_requested';

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Comment that was given.',
    example: 'Looks good.',
  })
  comment!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When.',
    example: '2026-01-02T03:04:05.678Z',
  })
  at!: string;
}

export class ApprovalInfoDto {
  @ApiProperty({ description: 'The approval step.', example: 'signoff' })
  step!: string;

  @ApiProperty({
    enum: ['viewer', 'member', 'admin'],
    description: 'Role that may decide.',
    example: 'member',
  })
  role!: 'viewer' | 'member' | 'admin';

  @ApiProperty({ type: 'integer', description: 'Approvals that are needed.', example: 1 })
  count!: number;

  @ApiProperty({ description: 'Whether the owner of the run may decide.', example: false })
  self_approval!: boolean;

  @ApiProperty({ type: [ApprovalDecisionDto], description: 'Decisions so far.' })
  decisions!: ApprovalDecisionDto[];
}

/** A phase of a run, as it stands in its newest attempt. */
export class PhaseInfoDto {
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

  @ApiProperty({
    type: 'integer',
    description: 'Number of the newest attempt; 0 before the first.',
    example: 1,
  })
  attempt!: number;

  @ApiProperty({ description: 'Whether a person may skip it.', example: false })
  optional!: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When its first attempt started.',
    example: '2026-01-02T03:04:05.678Z',
  })
  started_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When its newest attempt ended.',
    example: '2026-01-02T03:04:15.678Z',
  })
  completed_at!: string | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Working time of all attempts that ended, seconds.',
    example: 10,
  })
  duration_seconds!: number | null;

  @ApiProperty({
    type: [String],
    description: 'Agents of its steps, each once, in order.',
    example: ['architect'],
  })
  agent_ids!: string[];

  @ApiProperty({ type: 'integer', description: 'Artifacts, newest versions.', example: 3 })
  artifacts_count!: number;

  @ApiProperty({ type: [StepInfoDto], description: 'Its steps.' })
  steps!: StepInfoDto[];

  @ApiProperty({ type: [GateDto], description: 'Verdicts of the newest attempt.' })
  gates!: GateDto[];

  @ApiProperty({
    type: ApprovalInfoDto,
    nullable: true,
    description: 'The approval it has or had to wait for.',
  })
  approval!: ApprovalInfoDto | null;

  @ApiProperty({ type: FailureDto, nullable: true, description: 'Why the newest attempt failed.' })
  error!: FailureDto | null;
}
