import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { AsGiven } from './as-given.js';
import { MaxJsonBytes } from './max-json-bytes.js';

export class RepositoryDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'An https URL of a Git repository.',
    example: 'https://example.org/project.git',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2048)
  url?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'A folder on the server within REPOSITORY_ROOTS.',
    example: null,
  })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  path?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'A repository that was uploaded by `POST /uploads`.',
    example: null,
  })
  @IsOptional()
  @IsUUID()
  upload?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Branch, tag or commit; the default branch where absent.',
    example: 'main',
  })
  @IsOptional()
  @IsString()
  @MaxLength(255)
  ref?: string | null;
}

export class BudgetDto {
  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description: 'US dollars the run may cost.',
    example: 5,
  })
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false, maxDecimalPlaces: 10 })
  @Min(0)
  @Max(1_000_000)
  max_cost_usd?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description: 'Tokens the run may use.',
    example: 400000,
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1e12)
  max_tokens?: number | null;
}

/** What `POST /runs` takes. */
export class CreateRunDto {
  @ApiProperty({ description: 'Name of a published profile.', example: 'self_hardening' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(63)
  profile!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 200_000,
    description: 'What the run is for.',
    example: 'Harden our service before the audit.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200_000)
  intake?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 200,
    description: 'Name of the project; `run_` and the short id where absent.',
    example: 'demo',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  project_name?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Stored as given, at most 64 KiB; drives nothing.',
    example: { ticket: 'OPS-1' },
  })
  @IsOptional()
  @AsGiven()
  @IsObject()
  @MaxJsonBytes(64 * 1024)
  metadata?: Record<string, unknown> | null;

  @ApiPropertyOptional({ description: 'Whether phases start by themselves.', example: false, default: false })
  @IsOptional()
  @IsBoolean()
  auto_advance?: boolean;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: -100,
    maximum: 100,
    description: 'Steps of a higher priority are started first; the profile’s where absent.',
    example: 0,
  })
  @IsOptional()
  @IsInt()
  @Min(-100)
  @Max(100)
  priority?: number;

  @ApiPropertyOptional({ type: RepositoryDto, nullable: true, description: 'The repository to work on.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RepositoryDto)
  repository?: RepositoryDto | null;

  @ApiPropertyOptional({
    type: BudgetDto,
    nullable: true,
    description: 'Limits on usage; the profile’s where absent.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => BudgetDto)
  budget?: BudgetDto | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Name of a template to start from.',
    example: null,
  })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  template?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Parameters as the profile declares them.',
    example: { run_tests: true },
  })
  @IsOptional()
  @AsGiven()
  @IsObject()
  @MaxJsonBytes(64 * 1024)
  parameters?: Record<string, unknown> | null;
}

/** What `POST /runs/{run_id}/clone` takes: what is to differ. */
export class CloneRunDto extends PartialType(CreateRunDto, { skipNullProperties: false }) {}
