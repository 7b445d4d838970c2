import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsOptional } from 'class-validator';
import { UsageSumsDto } from '../agents/usage-sums.dto.js';
import { COST_GROUPS, type CostGroup, type CostRow } from './costs.repository.js';

const TIME = '2026-01-02T00:00:00.000Z';

export class CostsQuery {
  @ApiPropertyOptional({
    description: 'From this moment on; 30 days before `to` by default.',
    example: '2026-01-01',
  })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;

  @ApiPropertyOptional({ description: 'Before this moment; now by default.', example: '2026-02-01' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;

  @ApiPropertyOptional({
    enum: COST_GROUPS,
    enumName: 'CostGroup',
    description: 'What a row stands for.',
    default: 'day',
    example: 'project',
  })
  @IsOptional()
  @IsIn(COST_GROUPS)
  by: CostGroup = 'day';
}

export class CostSumsDto extends UsageSumsDto {
  @ApiProperty({ type: 'integer', description: 'Runs that made them.', example: 3 })
  runs!: number;

  static of(row: Omit<CostRow, 'key' | 'name'>): CostSumsDto {
    return {
      cost_usd: row.cost === null ? null : Number(row.cost),
      ...{ input_tokens: Number(row.input), output_tokens: Number(row.output) },
      ...{ cache_read_tokens: Number(row.cacheRead), cache_write_tokens: Number(row.cacheWrite) },
      ...{ calls: row.calls, unpriced_calls: row.unpriced, runs: row.runs },
    };
  }
}

export class CostRowDto extends CostSumsDto {
  @ApiProperty({
    description: 'Day (UTC), project, profile, `<provider>/<model>` or id of the owner.',
    example: 'payments',
  })
  key!: string;

  @ApiProperty({ description: 'The same for people.', example: 'payments' })
  name!: string;
}

export class CostsDto {
  @ApiProperty({ format: 'date-time', description: 'From this moment on.', example: TIME })
  from!: string;

  @ApiProperty({ format: 'date-time', description: 'Before this moment.', example: TIME })
  to!: string;

  @ApiProperty({
    enum: COST_GROUPS,
    enumName: 'CostGroup',
    description: 'What a row stands for.',
    example: 'project',
  })
  by!: CostGroup;

  @ApiProperty({ description: 'Whether these are the costs of the caller’s own runs only.', example: false })
  own_only!: boolean;

  @ApiProperty({ type: CostSumsDto, description: 'All of it, exactly.' })
  total!: CostSumsDto;

  @ApiProperty({ type: [CostRowDto], description: 'Days in their order, everything else the dearest first.' })
  rows!: CostRowDto[];

  @ApiProperty({ description: 'Whether there are more rows than are shown (500).', example: false })
  rows_capped!: boolean;
}
