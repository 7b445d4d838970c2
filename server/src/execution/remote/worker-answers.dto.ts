import { ApiProperty } from '@nestjs/swagger';
import { ARTIFACT_TYPES, type ArtifactType, type ExecutorKind } from '../../workflow/domain/profile.js';
import { StepDeliverableDto } from '../../runs/dto/step-info.dto.js';

export class LeaseDto {
  @ApiProperty({
    description: 'Goes with every message about the step; a newer claim makes it worthless.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10:1',
  })
  token!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Without a heartbeat the step is somebody else’s from then on.',
    example: '2026-01-02T03:04:25.678Z',
  })
  expires_at!: string;

  @ApiProperty({ description: 'How often to send one, seconds.', example: 5 })
  heartbeat_seconds!: number;
}

export class LeaseExpiryDto {
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When the lease ends without another heartbeat.',
    example: '2026-01-02T03:04:25.678Z',
  })
  expires_at!: string;
}

export class ClaimedStepDto {
  @ApiProperty({
    format: 'uuid',
    description: 'The try of the step; the id in the routes below.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  id!: string;

  @ApiProperty({ format: 'uuid', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11' })
  run_id!: string;

  @ApiProperty({ description: 'Name of the project.', example: 'demo' })
  project_name!: string;

  @ApiProperty({ description: 'The phase.', example: 'qa' })
  phase!: string;

  @ApiProperty({ description: 'Id of the step in the profile.', example: 'scan' })
  step!: string;

  @ApiProperty({ description: 'The agent it stands for.', example: 'security' })
  agent_id!: string;

  @ApiProperty({ type: 'integer', description: 'Attempt of the phase.', example: 1 })
  attempt!: number;

  @ApiProperty({ type: 'integer', description: 'Try of the step.', example: 1 })
  try!: number;

  @ApiProperty({
    enum: ['command', 'llm', 'agent_cli', 'worker', 'approval', 'http'],
    enumName: 'ExecutorKind',
    description: 'How it was declared.',
    example: 'worker',
  })
  executor!: ExecutorKind;

  @ApiProperty({ type: [String], description: 'Labels it asks for.', example: ['security'] })
  labels!: string[];

  @ApiProperty({ description: 'Time the step may take, seconds.', example: 1800 })
  timeout_seconds!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Role of the agent.',
    example: 'You plan releases.',
  })
  role!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What is to be done.',
    example: 'Write the release plan.',
  })
  task!: string | null;

  @ApiProperty({ type: [StepDeliverableDto], description: 'What it is to deliver.' })
  deliverables!: StepDeliverableDto[];

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Environment the profile gives it.',
    example: { CI: 'true' },
  })
  env!: Record<string, string>;
}

export class ClaimedArtifactDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Its id; the content is at `/runs/{run_id}/artifacts/{artifact_id}/content`.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c12',
  })
  artifact_id!: string;

  @ApiProperty({ description: 'Phase that made it.', example: 'planning' })
  phase!: string;

  @ApiProperty({ description: 'Path within the phase.', example: 'PRD.md' })
  path!: string;

  @ApiProperty({ enum: ARTIFACT_TYPES, enumName: 'ArtifactType', description: 'Its type.', example: 'prd' })
  type!: ArtifactType;

  @ApiProperty({ type: 'integer', description: 'Bytes.', example: 1200 })
  size_bytes!: number;

  @ApiProperty({
    description: 'Digest of the content.',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  sha256!: string;
}

/** A step with everything it needs. */
export class ClaimAnswerDto {
  @ApiProperty({ type: LeaseDto, description: 'The lease.' })
  lease!: LeaseDto;

  @ApiProperty({ type: ClaimedStepDto, description: 'The step.' })
  step!: ClaimedStepDto;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the run is for.',
    example: 'Harden our service.',
  })
  intake!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Parameters of the run.',
    example: {},
  })
  parameters!: Record<string, unknown>;

  @ApiProperty({ type: String, nullable: true, description: 'What a reviewer asked for.', example: null })
  comment!: string | null;

  @ApiProperty({ type: [ClaimedArtifactDto], description: 'What earlier phases and steps delivered.' })
  artifacts!: ClaimedArtifactDto[];
}

export class WorkspaceCommitDto {
  @ApiProperty({
    description: 'The commit that the step leaves, unless another is sent before it completes.',
    example: '3f786850e387550fdab836ed7e6dc881de23001b',
  })
  commit!: string;
}
