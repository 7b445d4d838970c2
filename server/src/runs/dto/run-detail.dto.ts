import { ApiProperty } from '@nestjs/swagger';
import { ACCESS_LEVELS, type AccessLevel } from '../domain/run-uses.js';
import { PhaseInfoDto } from './phase-info.dto.js';
import { FailureDto } from './step-info.dto.js';
import { RunSummaryDto } from './run-summary.dto.js';

export class RunBudgetDto {
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'US dollars the run may cost; null is no limit.',
    example: 5,
  })
  max_cost_usd!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Tokens the run may use; null is no limit.',
    example: 400000,
  })
  max_tokens!: number | null;

  @ApiProperty({ description: 'US dollars spent.', example: 0.021 })
  spent_usd!: number;

  @ApiProperty({ type: 'integer', description: 'Tokens used.', example: 3000 })
  spent_tokens!: number;
}

export class RunRepositoryDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'URL of the repository.',
    example: 'https://example.org/project.git',
  })
  url!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Folder as it was given.', example: null })
  path!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Branch, tag or commit as it was given.',
    example: 'main',
  })
  ref!: string | null;
}

export class RunLinksDto {
  @ApiProperty({ description: 'This run.', example: '/runs/0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  self!: string;

  @ApiProperty({
    description: 'Its artifacts.',
    example: '/runs/0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10/artifacts',
  })
  artifacts!: string;

  @ApiProperty({ description: 'Its metrics.', example: '/runs/0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10/metrics' })
  metrics!: string;

  @ApiProperty({ description: 'Its history.', example: '/runs/0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10/events' })
  events!: string;

  @ApiProperty({
    description: 'Its page in the console.',
    example: '/orchestrator/runs/0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  console!: string;
}

/** A run with every phase of its profile. */
export class RunDetailDto extends RunSummaryDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the run is for.',
    example: 'Harden our service.',
  })
  intake!: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'From −100 to 100; steps of a higher one are started first.',
    example: 0,
  })
  priority!: number;

  @ApiProperty({ type: [PhaseInfoDto], description: 'Every phase of the profile in order.' })
  phases!: PhaseInfoDto[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it completed or was cancelled.',
    example: null,
  })
  completed_at!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'As it was given.',
    example: { ticket: 'OPS-1' },
  })
  metadata!: Record<string, unknown>;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Parameters with defaults filled in.',
    example: {},
  })
  parameters!: Record<string, unknown>;

  @ApiProperty({ type: RunRepositoryDto, nullable: true, description: 'The repository it works on.' })
  repository!: RunRepositoryDto | null;

  @ApiProperty({ type: FailureDto, nullable: true, description: 'Why the run failed.' })
  failure!: FailureDto | null;

  @ApiProperty({ type: RunBudgetDto, description: 'Limits on usage and what was used.' })
  budget!: RunBudgetDto;

  @ApiProperty({
    enum: ACCESS_LEVELS,
    enumName: 'RunAccessLevel',
    description:
      'What the caller may do: everything; all but share and erase it; or look, comment and decide.',
    example: 'own',
  })
  access!: AccessLevel;

  @ApiProperty({ type: RunLinksDto, description: 'Where to go on.' })
  links!: RunLinksDto;
}
