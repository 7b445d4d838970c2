import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { ModelCallEntity } from './model-call.entity.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-02T03:04:05.678Z';
const MOST = 1e12;

/** A model call whose outcome is not in the ledger. */
export class OpenCallDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: ID })
  call_id!: string;

  @ApiProperty({ format: 'uuid', description: 'The run that made it; it may be erased.', example: ID })
  run_id!: string;

  @ApiProperty({ description: 'Project of the run.', example: 'payments' })
  project!: string;

  @ApiProperty({ description: 'Phase.', example: 'planning' })
  phase!: string;

  @ApiProperty({ description: 'Step.', example: 'write' })
  step!: string;

  @ApiProperty({ description: 'Provider.', example: 'anthropic' })
  provider!: string;

  @ApiProperty({ description: 'Model.', example: 'claude-sonnet-4-5' })
  model!: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'US dollars at the most; null: unpriced.',
    example: 0.12,
  })
  reserved_usd!: number | null;

  @ApiProperty({ type: 'integer', description: 'Tokens at the most.', example: 40000 })
  reserved_tokens!: number;

  @ApiProperty({ format: 'date-time', description: 'When it was allowed.', example: TIME })
  at!: string;

  static of(call: ModelCallEntity): OpenCallDto {
    const { runId, project, phase, step, provider, model, reservedUsd, reservedTokens } = call;
    return {
      ...{ call_id: call.id, run_id: runId, project, phase, step, provider, model },
      reserved_usd: reservedUsd === null ? null : Number(reservedUsd),
      ...{ reserved_tokens: reservedTokens, at: call.at.toISOString() },
    };
  }
}

export class OpenCallsDto {
  @ApiProperty({ type: [OpenCallDto], description: 'The oldest first, at most 200.' })
  calls!: OpenCallDto[];
}

export class SettleCallDto {
  @ApiProperty({ type: 'integer', description: 'Input tokens, without those of a cache.', example: 1200 })
  @IsInt()
  @Min(0)
  @Max(MOST)
  input_tokens!: number;

  @ApiProperty({ type: 'integer', description: 'Output tokens.', example: 300 })
  @IsInt()
  @Min(0)
  @Max(MOST)
  output_tokens!: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Input read from a cache.', example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  cache_read_tokens?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Input written to a cache.', example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST)
  cache_write_tokens?: number;
}
