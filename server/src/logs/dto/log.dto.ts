import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { LogStream } from '../../execution/executors/executor.js';

const STREAMS = ['stdout', 'stderr', 'system'] as const satisfies readonly LogStream[];

export class LogLineDto {
  @ApiProperty({
    type: 'integer',
    description: 'Where the line stands in the run’s log; give it as `after` to read on behind it.',
    example: 262145,
  })
  position!: number;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Number of the line within its try of the step; a gap is a part that was left out.',
    example: 1,
  })
  n!: number;

  @ApiProperty({
    enum: STREAMS,
    description: 'Where it was written; `system` is the orchestrator.',
    example: 'stdout',
  })
  stream!: LogStream;

  @ApiProperty({
    format: 'date-time',
    description: 'When, within a fifth of a second.',
    example: '2026-11-22T12:00:00.000Z',
  })
  at!: string;

  @ApiProperty({
    description: 'The line, secrets masked, terminal colours kept.',
    example: '12 passed, 0 failed',
  })
  text!: string;

  @ApiProperty({ description: 'Phase of the step.', example: 'test' })
  phase!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Attempt of the phase.', example: 1 })
  attempt!: number;

  @ApiProperty({ description: 'The step.', example: 'run_tests' })
  step!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Try of the step within the attempt.',
    example: 1,
  })
  try!: number;
}

export class LogPageDto {
  @ApiProperty({ type: [LogLineDto], description: 'Lines in the order in which they were stored.' })
  lines!: LogLineDto[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Give it as `after` for the next page; null where nothing more is there now.',
    example: null,
  })
  next_after!: number | null;
}

export class LogQuery {
  @ApiPropertyOptional({ description: 'Only this phase.', example: 'test' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  phase?: string;

  @ApiPropertyOptional({ description: 'Only this step.', example: 'run_tests' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  step?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Only this attempt of the phase.',
    example: 1,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  attempt?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Only lines behind this position.',
    example: 0,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after = 0;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    default: 1000,
    description: 'Lines at most.',
    example: 1000,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit = 1000;
}
