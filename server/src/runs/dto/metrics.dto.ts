import { ApiProperty } from '@nestjs/swagger';
import { HYGIENE_KINDS, type HygieneKind } from '../../governance/domain/evidence.js';
import { UsageSumsDto } from '../../agents/usage-sums.dto.js';
import { GateDto } from './gate.dto.js';

export class TokenUsageDto {
  @ApiProperty({ type: 'integer', description: 'Input tokens.', example: 2000 })
  input!: number;

  @ApiProperty({ type: 'integer', description: 'Output tokens.', example: 1000 })
  output!: number;
}

export class ModelUsageDto extends UsageSumsDto {
  @ApiProperty({ description: 'Provider.', example: 'anthropic' })
  provider!: string;

  @ApiProperty({ description: 'Model.', example: 'claude-sonnet-4-5' })
  model!: string;
}

export class AgentUsageDto extends UsageSumsDto {
  @ApiProperty({ description: 'Agent whose steps called the models.', example: 'qa' })
  agent_id!: string;
}

export class MeasurementDto {
  @ApiProperty({ description: 'Name of the figure.', example: 'tests.pass_rate' })
  name!: string;

  @ApiProperty({ description: 'Its value.', example: 1 })
  value!: number;

  @ApiProperty({ description: 'Where it was read.', example: 'reports/junit.xml' })
  source!: string;
}

export class HygieneFindingDto {
  @ApiProperty({
    enum: HYGIENE_KINDS,
    enumName: 'HygieneKind',
    description: 'What kind.',
    example: 'broken_link',
  })
  kind!: HygieneKind;

  @ApiProperty({ description: 'Where.', example: 'README.md' })
  path!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Line, from 1.', example: 12 })
  line!: number | null;

  @ApiProperty({ description: 'What was found.', example: 'docs/missing.md does not exist.' })
  message!: string;
}

export class PhaseMetricsDto {
  @ApiProperty({ description: 'Name of the phase.', example: 'test' })
  phase!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Working time of all attempts that ended, seconds.',
    example: 10,
  })
  duration_seconds!: number | null;

  @ApiProperty({ type: TokenUsageDto, description: 'Tokens of all attempts.' })
  token_usage!: TokenUsageDto;

  @ApiProperty({ description: 'Cost of all attempts in US dollars.', example: 0.021 })
  cost_usd!: number;

  @ApiProperty({ type: [String], description: 'Agents whose steps started.', example: ['qa'] })
  agents_executed!: string[];

  @ApiProperty({ type: 'integer', description: 'Artifacts, newest versions.', example: 3 })
  artifacts_generated!: number;

  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Whether no gate blocks; null before they were evaluated.',
    example: true,
  })
  governance_passed!: boolean | null;

  @ApiProperty({ type: [String], description: 'What gates warned of.', example: [] })
  governance_warnings!: string[];

  @ApiProperty({ type: [GateDto], description: 'Verdicts of the newest attempt.' })
  gates!: GateDto[];

  @ApiProperty({ type: 'integer', description: 'Attempts so far.', example: 1 })
  attempts!: number;

  @ApiProperty({ type: [ModelUsageDto], description: 'Usage by model, all attempts.' })
  usage_by_model!: ModelUsageDto[];

  @ApiProperty({ type: [AgentUsageDto], description: 'Usage by agent, all attempts.' })
  usage_by_agent!: AgentUsageDto[];

  @ApiProperty({ type: [MeasurementDto], description: 'Figures of the newest attempt.' })
  measurements!: MeasurementDto[];

  @ApiProperty({ type: [HygieneFindingDto], description: 'Findings in what the newest attempt produced.' })
  hygiene!: HygieneFindingDto[];
}

export class RunMetricsDto {
  @ApiProperty({ format: 'uuid', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  run_id!: string;

  @ApiProperty({ description: 'Working time so far, seconds.', example: 12.5 })
  total_duration_seconds!: number;

  @ApiProperty({ type: TokenUsageDto, description: 'Tokens of all phases and attempts.' })
  total_token_usage!: TokenUsageDto;

  @ApiProperty({ description: 'Cost of all phases and attempts in US dollars.', example: 0.021 })
  total_cost_usd!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Model calls whose cost is unknown and not in the total.',
    example: 0,
  })
  unpriced_calls!: number;

  @ApiProperty({ type: [PhaseMetricsDto], description: 'The phases that have started, in order.' })
  phases_metrics!: PhaseMetricsDto[];

  @ApiProperty({ description: 'Score of the gates, 0–1; 1 where nothing was measured.', example: 0.9 })
  governance_score!: number;

  @ApiProperty({ description: 'Whether any gate was evaluated.', example: true })
  governance_measured!: boolean;

  @ApiProperty({ description: 'Score of hygiene, 0–1; 1 where nothing was measured.', example: 1 })
  hygiene_score!: number;

  @ApiProperty({ description: 'Whether what the run produced was inspected.', example: true })
  hygiene_measured!: boolean;

  @ApiProperty({ type: 'integer', description: 'Artifacts, newest versions.', example: 7 })
  artifacts_total!: number;

  @ApiProperty({ type: 'integer', description: 'Failed tries of steps.', example: 0 })
  errors_count!: number;
}
