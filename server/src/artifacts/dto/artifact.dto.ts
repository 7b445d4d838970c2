import { ApiProperty } from '@nestjs/swagger';
import { ARTIFACT_TYPES, type ArtifactType } from '../../workflow/domain/profile.js';

/** One version of an artifact. */
export class ArtifactSummaryDto {
  @ApiProperty({
    format: 'uuid',
    description: 'The artifact.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  artifact_id!: string;

  @ApiProperty({ description: 'Phase it was delivered in.', example: 'planning' })
  phase!: string;

  @ApiProperty({ description: 'Relative path; never one of the server.', example: 'docs/requirements.md' })
  path!: string;

  @ApiProperty({ description: 'Last name of the path.', example: 'requirements.md' })
  name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What it is, where said.',
    example: 'What is to be built',
  })
  description!: string | null;

  @ApiProperty({
    enum: ARTIFACT_TYPES,
    enumName: 'ArtifactType',
    description: 'As the profile declares it, else by whole words of the name and the extension.',
    example: 'requirements',
  })
  artifact_type!: ArtifactType;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Bytes.', example: 2048 })
  size_bytes!: number;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was recorded.',
    example: '2026-11-22T12:00:00.000Z',
  })
  created_at!: string;

  @ApiProperty({
    description: 'Digest of the content, lower-case hex.',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  sha256!: string;

  @ApiProperty({ description: 'Media type by extension and content.', example: 'text/markdown' })
  media_type!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Attempt of the phase that delivered it.',
    example: 1,
  })
  attempt!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Counts per phase and path.', example: 1 })
  version!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Step that delivered it.',
    example: 'write_requirements',
  })
  step_id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Agent of that step.', example: 'architect' })
  agent_id!: string | null;

  @ApiProperty({ description: 'A newer version exists, or a rollback went past it.', example: false })
  superseded!: boolean;
}

/** The artifacts of a run. */
export class ArtifactListDto {
  @ApiProperty({ format: 'uuid', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  run_id!: string;

  @ApiProperty({
    description: 'By phase, in the order of the phases; those without artifacts are absent.',
    type: 'object',
    additionalProperties: { type: 'array', items: { $ref: '#/components/schemas/ArtifactSummaryDto' } },
    example: { planning: [] },
  })
  artifacts_by_phase!: Record<string, ArtifactSummaryDto[]>;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Artifacts in this answer.', example: 4 })
  total_count!: number;
}
