import { ApiProperty, OmitType } from '@nestjs/swagger';
import type { ExecutorKind, GateKind } from '../domain/profile.js';
import type { ProfileFormat } from '../parsing/profile-text.js';
import type { ProfileOrigin } from '../profile-version.entity.js';
import { PhaseSummaryDto, ProfileSummaryDto } from './profile-summary.dto.js';

export class StepDefinitionDto {
  @ApiProperty({ description: 'Id of the step, unique in its phase.', example: 'unit' })
  id!: string;

  @ApiProperty({ description: 'Label that appears in `agent_ids`.', example: 'qa' })
  agent!: string;

  @ApiProperty({
    description: 'What does the step.',
    enum: ['command', 'llm', 'agent_cli', 'worker', 'approval', 'http'],
    example: 'command',
  })
  executor!: ExecutorKind;

  @ApiProperty({ description: 'Steps that come before it.', example: ['build'], type: [String] })
  needs!: string[];

  @ApiProperty({
    description: 'Condition over the parameters; null is always.',
    example: "parameters.channel == 'stable'",
    nullable: true,
    type: String,
  })
  when!: string | null;

  @ApiProperty({ description: 'Longest time of one try, in seconds.', example: 1800 })
  timeout_seconds!: number;

  @ApiProperty({ description: 'Tries in all.', example: 3, type: 'integer' })
  attempts!: number;
}

export class GateSummaryDto {
  @ApiProperty({ description: 'Id of the gate, unique in its phase.', example: 'tests_pass' })
  gate_id!: string;

  @ApiProperty({
    description: 'What it looks at.',
    enum: ['artifact', 'metric', 'secrets', 'links', 'forbidden', 'trace', 'freshness', 'budget', 'approval'],
    example: 'metric',
  })
  kind!: GateKind;

  @ApiProperty({
    description: 'Whether a miss blocks or warns.',
    enum: ['block', 'warn'],
    example: 'block',
  })
  severity!: 'block' | 'warn';

  @ApiProperty({ description: 'Weight in the governance score.', example: 1 })
  weight!: number;

  @ApiProperty({ description: 'The rule in words.', example: 'tests.pass_rate is at least 1' })
  rule!: string;

  @ApiProperty({
    description: 'What to do where it is missed.',
    example: 'Fix the failing tests.',
    nullable: true,
    type: String,
  })
  remedy!: string | null;
}

export class PhaseDefinitionDto extends PhaseSummaryDto {
  @ApiProperty({
    description: 'Condition over the parameters; null is always.',
    example: null,
    nullable: true,
    type: String,
  })
  when!: string | null;

  @ApiProperty({ description: 'Its steps, as written.', type: [StepDefinitionDto] })
  steps!: StepDefinitionDto[];

  @ApiProperty({ description: 'Its gates, as written.', type: [GateSummaryDto] })
  gates!: GateSummaryDto[];
}

export class BudgetLimitsDto {
  @ApiProperty({
    description: 'Most money of one run in US dollars, as a decimal text; null is no limit.',
    example: '5',
    nullable: true,
    type: String,
  })
  max_cost_usd!: string | null;

  @ApiProperty({
    description: 'Most tokens of one run; null is no limit.',
    example: 400000,
    nullable: true,
    type: 'integer',
  })
  max_tokens!: number | null;
}

export class ProfileDetailDto extends OmitType(ProfileSummaryDto, ['phases'] as const) {
  @ApiProperty({
    description: 'The phases in their order, with steps and gates.',
    type: [PhaseDefinitionDto],
  })
  phases!: PhaseDefinitionDto[];

  @ApiProperty({ description: 'Limits of one run.', type: BudgetLimitsDto })
  budget!: BudgetLimitsDto;

  @ApiProperty({ description: 'The text as it was published.', example: 'apiVersion: orchestrator/v1\n…' })
  source!: string;

  @ApiProperty({ description: 'Format of the text.', enum: ['yaml', 'json'], example: 'yaml' })
  format!: ProfileFormat;

  @ApiProperty({
    description: 'SHA-256 (hex) of the definition with every default filled in.',
    example: 'a25681543d552f1ba16ee0aa67d94223e7594a4bf10fccd4797b9f774f6e34ab',
  })
  digest!: string;

  @ApiProperty({
    description: 'Where the version came from: with the product, from PROFILES_DIR, or over the API.',
    enum: ['builtin', 'file', 'api'],
    example: 'api',
  })
  origin!: ProfileOrigin;

  @ApiProperty({
    description: 'Id of the user who published it; null: the product itself.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11',
    nullable: true,
    type: String,
  })
  published_by!: string | null;
}
