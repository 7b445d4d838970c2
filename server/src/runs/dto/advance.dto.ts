import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { RUN_STATUSES, type RunStatus } from '../domain/run-status.js';

export class AdvanceRunDto {
  @ApiPropertyOptional({
    default: false,
    description: 'Waives gates that block; needs `runs:waive` where one does.',
    example: false,
  })
  @IsOptional()
  @IsBoolean()
  skip_validation?: boolean;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2000,
    description: 'Why gates are waived; recorded.',
    example: null,
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string | null;
}

export class AdvanceRunResponseDto {
  @ApiProperty({ format: 'uuid', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  run_id!: string;

  @ApiProperty({ description: 'Phase that was current when the call came.', example: 'discovery' })
  previous_phase!: string;

  @ApiProperty({ description: 'Phase that is current now.', example: 'design' })
  current_phase!: string;

  @ApiProperty({
    enum: RUN_STATUSES,
    enumName: 'RunStatus',
    description: 'Status of the run.',
    example: 'running',
  })
  status!: RunStatus;

  @ApiProperty({ description: 'What happened, in words.', example: 'Advanced from discovery to design' })
  message!: string;
}

export class ReasonDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2000,
    description: 'Why; recorded.',
    example: 'Wrong repository.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  reason?: string | null;
}

class DecisionDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The approval step that is meant; where absent, the first that the caller may decide.',
    example: null,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  step?: string | null;
}

export class ApproveDto extends DecisionDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 10_000,
    description: 'A comment; recorded.',
    example: 'Looks good.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  comment?: string | null;
}

export class RejectDto extends DecisionDto {
  @ApiProperty({
    maxLength: 10_000,
    description: 'What is to be changed; given to the next attempt.',
    example: 'Name the risks.',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(10_000)
  comment!: string;
}

export class RollbackDto {
  @ApiProperty({ description: 'The completed phase to return to.', example: 'design' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  phase!: string;
}

export class UsageDto {
  @ApiProperty({ description: 'Provider of the model.', example: 'anthropic' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  provider!: string;

  @ApiProperty({ description: 'Model.', example: 'claude-sonnet-4-5' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  model!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Input tokens.', example: 2000 })
  @IsInt()
  @Min(0)
  @Max(1e12)
  input_tokens!: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Output tokens.', example: 1000 })
  @IsInt()
  @Min(0)
  @Max(1e12)
  output_tokens!: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Tokens read from a cache.', example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1e12)
  cache_read_tokens?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Tokens written to a cache.', example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1e12)
  cache_write_tokens?: number;
}

export class CompleteStepDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 10_000,
    description: 'What was done.',
    example: 'Wrote the plan.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  summary?: string | null;

  @ApiPropertyOptional({ type: [UsageDto], description: 'Model calls that were made for it.' })
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => UsageDto)
  usage?: UsageDto[];
}
