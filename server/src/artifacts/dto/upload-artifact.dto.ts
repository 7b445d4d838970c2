import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { ARTIFACT_TYPES, type ArtifactType } from '../../workflow/domain/profile.js';

/** What is said about an upload: fields of the form, or parameters of the query beside a raw body. */
export class UploadArtifactDto {
  @ApiProperty({
    maxLength: 63,
    description: 'Phase of the run that the file belongs to.',
    example: 'planning',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(63)
  phase!: string;

  @ApiPropertyOptional({ maxLength: 63, description: 'Step of that phase.', example: 'write_requirements' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  step?: string;

  @ApiPropertyOptional({
    maxLength: 512,
    description: 'Relative path of the artifact; the name of the uploaded file where absent.',
    example: 'docs/requirements.md',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  path?: string;

  @ApiPropertyOptional({
    enum: ARTIFACT_TYPES,
    enumName: 'ArtifactType',
    description: 'As the profile declares it, or told from the name, where absent.',
    example: 'requirements',
  })
  @IsOptional()
  @IsIn(ARTIFACT_TYPES)
  type?: ArtifactType;

  @ApiPropertyOptional({ maxLength: 2000, description: 'What it is.', example: 'What is to be built' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string;
}

/** The form of an upload. */
export class UploadArtifactForm extends UploadArtifactDto {
  @ApiProperty({ type: 'string', format: 'binary', description: 'The file.' })
  file!: unknown;
}
