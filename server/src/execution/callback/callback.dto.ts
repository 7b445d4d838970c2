import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { MetricInputDto } from '../remote/worker.dto.js';

export const CALLBACK_STATUSES = ['succeeded', 'failed'] as const;
export type CallbackStatus = (typeof CALLBACK_STATUSES)[number];

/** How the work ended that an `http` step had asked for; kept as the artifact `callback.json`. */
export class CallbackDto {
  @ApiProperty({ enum: CALLBACK_STATUSES, description: 'How the work ended.', example: 'succeeded' })
  @IsIn(CALLBACK_STATUSES)
  status!: CallbackStatus;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'What was done.',
    example: 'The image was built.',
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

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Why it failed, as a sentence for a person.',
    example: 'The build ended with exit code 2.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  message?: string | null;
}
