import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsNotEmpty, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { CreateRunDto } from '../runs/dto/create-run.dto.js';
import type { TemplateEntity } from './template.entity.js';

/** What a run may be given besides its profile. */
export class RunPresetDto extends PartialType(OmitType(CreateRunDto, ['profile', 'template'] as const)) {}

export class PutTemplateDto {
  @ApiProperty({ description: 'Name of the profile that it is for.', example: 'self_hardening' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(63)
  profile!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 2000,
    description: 'When to use it.',
    example: 'The weekly look at the payment services.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;

  @ApiProperty({ type: RunPresetDto, description: 'What runs are given where they say nothing themselves.' })
  @IsObject()
  @ValidateNested()
  @Type(() => RunPresetDto)
  preset!: RunPresetDto;
}

export class TemplateDto {
  @ApiProperty({ description: 'Its name.', example: 'weekly_hardening' })
  name!: string;

  @ApiProperty({ description: 'Name of the profile that it is for.', example: 'self_hardening' })
  profile!: string;

  @ApiProperty({ type: String, nullable: true, description: 'When to use it.', example: null })
  description!: string | null;

  @ApiProperty({ type: RunPresetDto, description: 'What runs are given where they say nothing themselves.' })
  preset!: RunPresetDto;

  @ApiProperty({
    format: 'uuid',
    description: 'Who made it.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  owner_id!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: '2026-01-02T03:04:05.678Z' })
  created_at!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it last changed.',
    example: '2026-01-02T03:04:05.678Z',
  })
  updated_at!: string;

  static of(template: TemplateEntity): TemplateDto {
    return {
      name: template.name,
      profile: template.profile,
      description: template.description,
      preset: template.preset,
      owner_id: template.ownerId,
      created_at: template.createdAt.toISOString(),
      updated_at: template.updatedAt.toISOString(),
    };
  }
}

export class TemplatesDto {
  @ApiProperty({ type: [TemplateDto], description: 'By name.' })
  templates!: TemplateDto[];
}
