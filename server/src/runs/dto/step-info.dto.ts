import { ApiProperty } from '@nestjs/swagger';
import { ARTIFACT_TYPES, type ArtifactType, type ExecutorKind } from '../../workflow/domain/profile.js';
import { STEP_STATUSES, type StepStatus } from '../domain/step-status.js';

export class FailureDto {
  @ApiProperty({ description: 'Stable code.', example: 'exit_code' })
  code!: string;

  @ApiProperty({ description: 'A sentence for a person.', example: 'The command ended with exit code 1.' })
  message!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Phase it happened in.', example: 'test' })
  phase!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Step it happened in.', example: 'unit' })
  step!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Exit code of the command.', example: 1 })
  exit_code!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Signal that ended the command.', example: null })
  signal!: string | null;
}

export class StepDeliverableDto {
  @ApiProperty({ description: 'Path or glob.', example: 'PRD.md' })
  path!: string;

  @ApiProperty({
    enum: ARTIFACT_TYPES,
    enumName: 'ArtifactType',
    nullable: true,
    description: 'Declared type.',
    example: 'prd',
  })
  type!: ArtifactType | null;

  @ApiProperty({ description: 'Whether the step cannot succeed without it.', example: true })
  required!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What it is for.',
    example: 'What this release is for',
  })
  description!: string | null;
}

export class StepInfoDto {
  @ApiProperty({ description: 'Id of the step in the profile.', example: 'unit' })
  step!: string;

  @ApiProperty({ description: 'Label of the agent that does it.', example: 'qa' })
  agent_id!: string;

  @ApiProperty({
    enum: ['command', 'llm', 'agent_cli', 'worker', 'approval', 'http'],
    enumName: 'ExecutorKind',
    description: 'How it is done.',
    example: 'command',
  })
  executor!: ExecutorKind;

  @ApiProperty({
    enum: STEP_STATUSES,
    enumName: 'StepStatus',
    description: 'Its status in the newest attempt.',
    example: 'succeeded',
  })
  status!: StepStatus;

  @ApiProperty({ type: [String], description: 'Steps it builds on.', example: [] })
  needs!: string[];

  @ApiProperty({ type: 'integer', description: 'Tries in the newest attempt.', example: 1 })
  tries!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it became ready.',
    example: '2026-01-02T03:04:05.678Z',
  })
  queued_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When its first try started.',
    example: '2026-01-02T03:04:05.700Z',
  })
  started_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it ended.',
    example: '2026-01-02T03:04:09.700Z',
  })
  completed_at!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'From first start to end, seconds.', example: 4 })
  duration_seconds!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the step said of its result.',
    example: 'All 12 tests pass.',
  })
  summary!: string | null;

  @ApiProperty({ type: [String], description: 'What was odd but did not fail it.', example: [] })
  warnings!: string[];

  @ApiProperty({ type: FailureDto, nullable: true, description: 'Why it, or its last try, failed.' })
  error!: FailureDto | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What is to be done, for agents and people.',
    example: 'Write the release plan.',
  })
  task!: string | null;

  @ApiProperty({ type: [StepDeliverableDto], description: 'What it is to deliver.' })
  deliverables!: StepDeliverableDto[];
}
