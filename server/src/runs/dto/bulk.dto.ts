import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';

export const BULK_ACTIONS = ['pause', 'resume', 'cancel', 'archive'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export class BulkDto {
  @ApiProperty({ enum: BULK_ACTIONS, enumName: 'BulkAction', description: 'What to do.', example: 'cancel' })
  @IsIn(BULK_ACTIONS)
  action!: BulkAction;

  @ApiProperty({
    type: [String],
    maxItems: 200,
    description: 'With which runs.',
    example: ['0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10'],
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  run_ids!: string[];
}

export class BulkResultDto {
  @ApiProperty({ description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  run_id!: string;

  @ApiProperty({ description: 'Whether it was done.', example: true })
  ok!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not, as a stable code.', example: null })
  code!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why not, in words.', example: null })
  detail!: string | null;
}

export class BulkResultsDto {
  @ApiProperty({ type: [BulkResultDto], description: 'One for each run.' })
  results!: BulkResultDto[];
}

export class DeleteRunQuery {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Erases the run for good instead of archiving it.',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  purge = false;
}

export class RetryPhaseDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Step to try again from; what does not build on it is kept. The whole phase where absent.',
    example: 'unit',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  from_step?: string | null;
}

export class AwaitedDecisionDto {
  @ApiProperty({ format: 'uuid', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  run_id!: string;

  @ApiProperty({ description: 'Name of the project.', example: 'demo' })
  project_name!: string;

  @ApiProperty({ description: 'Name of the profile.', example: 'release_check' })
  profile!: string;

  @ApiProperty({ description: 'The phase.', example: 'qa' })
  phase!: string;

  @ApiProperty({ description: 'The step.', example: 'signoff' })
  step!: string;

  @ApiProperty({
    enum: ['approval', 'agent', 'worker'],
    description: 'A decision, or work that somebody has to deliver.',
    example: 'approval',
  })
  kind!: 'approval' | 'agent' | 'worker';

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Since when.',
    example: '2026-01-02T03:04:05.678Z',
  })
  since!: string;

  @ApiProperty({ description: 'Whether the caller may do it.', example: true })
  may_act!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not, in words.', example: null })
  reason!: string | null;
}

export class InboxDto {
  @ApiProperty({ type: [AwaitedDecisionDto], description: 'The longest waiting first, at most 200.' })
  items!: AwaitedDecisionDto[];
}
