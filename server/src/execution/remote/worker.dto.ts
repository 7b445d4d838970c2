import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { UsageDto } from '../../runs/dto/advance.dto.js';
import { MayBeAbsent } from '../../problems/may-be-absent.decorator.js';

export const REMOTE_KINDS = ['worker', 'llm'] as const;
export type RemoteKind = (typeof REMOTE_KINDS)[number];

export class ClaimDto {
  @ApiProperty({
    maxLength: 100,
    description: 'Name of the worker; shown in lists and histories.',
    example: 'gpu-1',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  name!: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'What the worker can do; a step is given to it when it carries all of the step’s labels.',
    example: ['security'],
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @Matches(/^[A-Za-z0-9._-]{1,63}$/, { each: true })
  labels: string[] = [];

  @ApiPropertyOptional({
    enum: REMOTE_KINDS,
    isArray: true,
    description: 'Which steps: those declared for workers, or an agent’s.',
    example: ['worker'],
  })
  @MayBeAbsent()
  @IsArray()
  @IsIn(REMOTE_KINDS, { each: true })
  kinds: RemoteKind[] = ['worker'];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 60,
    default: 30,
    description: 'Seconds to wait for a step.',
    example: 30,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(60)
  wait_seconds = 30;
}

export class LeaseTokenDto {
  @ApiProperty({ description: 'The token of the claim.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10:1' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  lease_token!: string;
}

export class LogLineInputDto {
  @ApiProperty({ enum: ['stdout', 'stderr'], description: 'Which stream.', example: 'stdout' })
  @IsIn(['stdout', 'stderr'])
  stream!: 'stdout' | 'stderr';

  @ApiProperty({ description: 'A line, without its end.', example: 'Scanning …' })
  @IsString()
  @MaxLength(65_536)
  text!: string;
}

export class AppendLogDto extends LeaseTokenDto {
  @ApiProperty({ type: [LogLineInputDto], description: 'At most 1,000 lines.' })
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => LogLineInputDto)
  lines!: LogLineInputDto[];
}

export class ReportUsageDto extends LeaseTokenDto {
  @ApiProperty({ type: [UsageDto], description: 'Model calls that were made; each is reported once.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => UsageDto)
  usage!: UsageDto[];
}

export class MetricInputDto {
  @ApiProperty({ description: 'Dotted name, lower case.', example: 'tests.pass_rate' })
  @Matches(/^[a-z][a-z0-9_.]{0,99}$/)
  name!: string;

  @ApiProperty({ description: 'The value.', example: 1 })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  value!: number;
}

export class CompleteClaimDto extends LeaseTokenDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'What was done.',
    example: 'No findings.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  summary?: string | null;

  @ApiPropertyOptional({ type: [MetricInputDto], description: 'Figures that were measured.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => MetricInputDto)
  metrics?: MetricInputDto[];

  @ApiPropertyOptional({ type: [UsageDto], description: 'Model calls that were made.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => UsageDto)
  usage?: UsageDto[];

  @ApiPropertyOptional({ type: [String], description: 'What was odd.', example: [] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(2000, { each: true })
  warnings?: string[];
}

export class FailClaimDto extends LeaseTokenDto {
  @ApiProperty({
    description:
      'Stable code. `handed_back` gives the step back, as a worker does that is stopped: it begins again elsewhere and does not count as a try.',
    example: 'exit_code',
  })
  @Matches(/^[a-z][a-z0-9_]{0,62}$/)
  code!: string;

  @ApiProperty({ description: 'A sentence for a person.', example: 'The scan ended with exit code 2.' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2000)
  message!: string;

  @ApiPropertyOptional({ default: false, description: 'Whether another try may help.', example: false })
  @IsOptional()
  @IsBoolean()
  retryable?: boolean;
}
