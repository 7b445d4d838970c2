import { ApiProperty, PickType } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { ArtifactSummaryDto } from '../../artifacts/dto/artifact.dto.js';
import { GateDto } from './gate.dto.js';
import { TokenUsageDto } from './metrics.dto.js';
import { PhaseInfoDto } from './phase-info.dto.js';
import { RunSummaryDto } from './run-summary.dto.js';

export const ARTIFACT_CHANGES = ['same', 'changed', 'only_a', 'only_b'] as const;
export type ArtifactChange = (typeof ARTIFACT_CHANGES)[number];

export class CompareRunsQuery {
  @ApiProperty({ format: 'uuid', description: 'A run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  @IsUUID()
  a!: string;

  @ApiProperty({
    format: 'uuid',
    description: 'Another run.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11',
  })
  @IsUUID()
  b!: string;
}

/** A run beside another. */
export class ComparedRunDto extends PickType(RunSummaryDto, [
  'run_id',
  'project_name',
  'profile',
  'profile_version',
  'status',
  'created_at',
  'owner',
  'cost_usd',
  'unpriced_calls',
  'total_duration_seconds',
  'artifacts_count',
  'waived_gates',
] as const) {
  @ApiProperty({ type: TokenUsageDto, description: 'Tokens of all phases and attempts.' })
  token_usage!: TokenUsageDto;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Score of the gates, 0–1; null: not measured.',
    example: 1,
  })
  governance_score!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Score of hygiene, 0–1; null: not measured.',
    example: 1,
  })
  hygiene_score!: number | null;
}

export class ComparedInputDto {
  @ApiProperty({ description: 'What it is.', example: 'parameters.depth' })
  name!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'In the first run, as text or JSON; null: not given.',
    example: '3',
  })
  a!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'In the second run.', example: '5' })
  b!: string | null;

  @ApiProperty({ description: 'Whether both were given the same.', example: false })
  same!: boolean;
}

export class ComparedPhaseSideDto extends PickType(PhaseInfoDto, [
  'status',
  'attempt',
  'duration_seconds',
] as const) {
  @ApiProperty({ type: TokenUsageDto, description: 'Tokens of all attempts.' })
  token_usage!: TokenUsageDto;

  @ApiProperty({ description: 'Cost of all attempts in US dollars.', example: 0.021 })
  cost_usd!: number;
}

export class ComparedVerdictDto extends PickType(GateDto, ['status', 'threshold', 'actual'] as const) {}

export class ComparedGateDto {
  @ApiProperty({ description: 'Id of the gate in the profile.', example: 'tests_pass' })
  gate_id!: string;

  @ApiProperty({
    type: ComparedVerdictDto,
    nullable: true,
    description: 'In the first run; null: not evaluated.',
  })
  a!: ComparedVerdictDto | null;

  @ApiProperty({ type: ComparedVerdictDto, nullable: true, description: 'In the second run.' })
  b!: ComparedVerdictDto | null;
}

export class ComparedPhaseDto {
  @ApiProperty({ description: 'Name of the phase.', example: 'test' })
  phase!: string;

  @ApiProperty({ description: 'Title for people.', example: 'Test' })
  title!: string;

  @ApiProperty({
    description: 'Whether both profiles describe it alike; false where one lacks it.',
    example: true,
  })
  same_definition!: boolean;

  @ApiProperty({
    type: ComparedPhaseSideDto,
    nullable: true,
    description: 'In the first run; null: it has no such phase.',
  })
  a!: ComparedPhaseSideDto | null;

  @ApiProperty({ type: ComparedPhaseSideDto, nullable: true, description: 'In the second run.' })
  b!: ComparedPhaseSideDto | null;

  @ApiProperty({ type: [ComparedGateDto], description: 'Verdicts of the newest attempts.' })
  gates!: ComparedGateDto[];
}

export class ComparedArtifactDto {
  @ApiProperty({ description: 'Phase it was delivered in.', example: 'document' })
  phase!: string;

  @ApiProperty({ description: 'Relative path.', example: 'HARDENING.md' })
  path!: string;

  @ApiProperty({
    enum: ARTIFACT_CHANGES,
    enumName: 'ArtifactChange',
    description: 'How they compare, by digest.',
    example: 'changed',
  })
  change!: ArtifactChange;

  @ApiProperty({ type: ArtifactSummaryDto, nullable: true, description: 'Of the first run.' })
  a!: ArtifactSummaryDto | null;

  @ApiProperty({ type: ArtifactSummaryDto, nullable: true, description: 'Of the second run.' })
  b!: ArtifactSummaryDto | null;
}

/** Two runs beside each other. */
export class RunComparisonDto {
  @ApiProperty({ type: ComparedRunDto, description: 'The first run.' })
  a!: ComparedRunDto;

  @ApiProperty({ type: ComparedRunDto, description: 'The second run.' })
  b!: ComparedRunDto;

  @ApiProperty({ description: 'Whether both ran by the same definition of phases.', example: true })
  same_definition!: boolean;

  @ApiProperty({ type: [ComparedInputDto], description: 'What they were given.' })
  inputs!: ComparedInputDto[];

  @ApiProperty({ type: [ComparedPhaseDto], description: 'Their phases, aligned by name.' })
  phases!: ComparedPhaseDto[];

  @ApiProperty({
    type: [ComparedArtifactDto],
    description: 'Newest versions, aligned by phase and path; what differs first, at most 1,000.',
  })
  artifacts!: ComparedArtifactDto[];

  @ApiProperty({ type: 'integer', description: 'Artifacts that are not in the answer.', example: 0 })
  artifacts_left_out!: number;
}
