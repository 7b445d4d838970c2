import { ApiProperty } from '@nestjs/swagger';
import { ARTIFACT_TYPES, type ArtifactType, type RepositoryNeed } from '../domain/profile.js';

export class PhaseSummaryDto {
  @ApiProperty({ description: 'Name of the phase.', example: 'planning' })
  name!: string;

  @ApiProperty({ description: 'Title for people.', example: 'Planning' })
  title!: string;

  @ApiProperty({ description: 'Whether a person may skip the phase.', example: false })
  optional!: boolean;

  @ApiProperty({ description: 'Labels of its agents, each once.', example: ['architect'], type: [String] })
  agent_ids!: string[];
}

export class DeliverableDto {
  @ApiProperty({ description: 'The phase that makes it.', example: 'planning' })
  phase!: string;

  @ApiProperty({ description: 'Path or glob of the artifact.', example: 'PRD.md' })
  path!: string;

  @ApiProperty({
    description: 'Type of the artifact; null where it is told from name and extension.',
    enum: ARTIFACT_TYPES,
    nullable: true,
    type: String,
    example: 'prd',
  })
  type!: ArtifactType | null;

  @ApiProperty({ description: 'Whether its step fails without it.', example: true })
  required!: boolean;

  @ApiProperty({
    description: 'What it is for.',
    example: 'What this release is for',
    nullable: true,
    type: String,
  })
  description!: string | null;
}

export class ProfileSummaryDto {
  @ApiProperty({ description: 'Name of the profile, as runs are created with it.', example: 'release_check' })
  name!: string;

  @ApiProperty({ description: 'Number of the version described.', example: 1, type: 'integer' })
  version!: number;

  @ApiProperty({ description: 'Title for people.', example: 'Release check' })
  title!: string;

  @ApiProperty({ description: 'What the profile is for.', example: 'Plans, tests and documents a release.' })
  description!: string;

  @ApiProperty({
    description: 'Whether a run works on a Git repository.',
    enum: ['required', 'optional', 'none'],
    example: 'required',
  })
  repository!: RepositoryNeed;

  @ApiProperty({
    description: 'JSON Schema of the parameters that a run takes; null where it takes none.',
    type: 'object',
    additionalProperties: true,
    nullable: true,
    example: { type: 'object', properties: { channel: { type: 'string', default: 'stable' } } },
  })
  parameters!: Record<string, unknown> | null;

  @ApiProperty({ description: 'The phases in their order.', type: [PhaseSummaryDto] })
  phases!: PhaseSummaryDto[];

  @ApiProperty({ description: 'The artifacts that its steps declare.', type: [DeliverableDto] })
  deliverables!: DeliverableDto[];

  @ApiProperty({
    description: 'When this version was published (UTC).',
    example: '2026-01-05T09:30:00.000Z',
    format: 'date-time',
  })
  published_at!: string;
}

export class ProfileListDto {
  @ApiProperty({ description: 'The newest version of each profile, by name.', type: [ProfileSummaryDto] })
  profiles!: ProfileSummaryDto[];

  @ApiProperty({ description: 'How many profiles there are.', example: 10, type: 'integer' })
  total!: number;

  @ApiProperty({ description: 'Most entries of the page.', example: 50, type: 'integer' })
  limit!: number;

  @ApiProperty({ description: 'Entries before the page.', example: 0, type: 'integer' })
  offset!: number;
}
