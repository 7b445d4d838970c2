import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

export class EstimateRunDto {
  @ApiProperty({ description: 'Name of a published profile.', example: 'self_hardening' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(63)
  profile!: string;

  @ApiPropertyOptional({
    type: Object,
    additionalProperties: true,
    description:
      'Parameters of the run: phases whose condition does not hold are left out. Absent: all phases.',
    example: {},
  })
  @IsOptional()
  @IsObject()
  parameters?: Record<string, unknown>;
}

/** Values that runs had; each is one that really occurred. */
export class SpreadDto {
  @ApiProperty({ description: 'Half of the runs had no more.', example: 0.42 })
  median!: number;

  @ApiProperty({ description: 'One run of ten had no more.', example: 0.3 })
  p10!: number;

  @ApiProperty({ description: 'Nine runs of ten had no more.', example: 0.9 })
  p90!: number;
}

export class EstimateFiguresDto {
  @ApiProperty({ type: 'integer', description: 'Runs that these figures come from.', example: 12 })
  runs!: number;

  @ApiProperty({
    type: SpreadDto,
    nullable: true,
    description: 'US dollars; null without runs, or where the calls of each had no price.',
  })
  cost_usd!: SpreadDto | null;

  @ApiProperty({ type: SpreadDto, nullable: true, description: 'Tokens; null without runs.' })
  tokens!: SpreadDto | null;

  @ApiProperty({
    type: SpreadDto,
    nullable: true,
    description: 'Working time in seconds; null without runs.',
  })
  duration_seconds!: SpreadDto | null;
}

export class PhaseEstimateDto extends EstimateFiguresDto {
  @ApiProperty({ description: 'Phase.', example: 'planning' })
  phase!: string;

  @ApiProperty({ description: 'Its title.', example: 'Planning' })
  title!: string;
}

export class EstimateDto {
  @ApiProperty({ description: 'Profile.', example: 'self_hardening' })
  profile!: string;

  @ApiProperty({
    description: 'What it is based on: `history of n runs`, or `no history`; nothing is guessed.',
    example: 'history of 12 runs',
  })
  basis!: string;

  @ApiProperty({ type: EstimateFiguresDto, description: 'Of whole runs.' })
  total!: EstimateFiguresDto;

  @ApiProperty({ type: [PhaseEstimateDto], description: 'Of each phase, in order.' })
  phases!: PhaseEstimateDto[];
}
