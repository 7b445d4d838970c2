import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { SecretEntity } from './secret.entity.js';

const TIME = '2026-01-02T03:04:05.678Z';
const MOST = 64 * 1024;

export class SetSecretDto {
  @ApiProperty({
    maxLength: MOST,
    description: 'The value. It is given to steps and never shown again.',
    example: 'example-value',
    writeOnly: true,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(MOST)
  value!: string;
}

export class CreateSecretDto extends SetSecretDto {
  @ApiProperty({
    pattern: '^[A-Z][A-Z0-9_]{0,63}$',
    description: 'Name of the environment variable that steps get it in.',
    example: 'NPM_TOKEN',
  })
  @Matches(/^[A-Z][A-Z0-9_]{0,63}$/u, {
    message: 'name has capital letters, digits and underscores, at most 64, a letter first',
  })
  name!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Only for runs of this profile; every profile where absent.',
    example: 'release_check',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(63)
  profile?: string | null;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Only for runs of this project; every project where absent.',
    example: 'payments',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  project?: string | null;
}

/** What is known of a secret; never its value. */
export class SecretDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  secret_id!: string;

  @ApiProperty({ description: 'Its name.', example: 'NPM_TOKEN' })
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Only for runs of it.', example: null })
  profile!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Only for runs of it.', example: 'payments' })
  project!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: TIME })
  created_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When its value was set.', example: TIME })
  updated_at!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Who set it.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11',
  })
  updated_by!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a step was last given it.',
    example: null,
  })
  last_used_at!: string | null;

  static of(secret: SecretEntity): SecretDto {
    return {
      secret_id: secret.id,
      name: secret.name,
      profile: secret.profile,
      project: secret.project,
      created_at: secret.createdAt.toISOString(),
      updated_at: secret.updatedAt.toISOString(),
      updated_by: secret.updatedBy,
      last_used_at: secret.lastUsedAt?.toISOString() ?? null,
    };
  }
}

export class SecretsDto {
  @ApiProperty({ type: [SecretDto], description: 'By name, profile and project.' })
  secrets!: SecretDto[];
}

export class RotationDto {
  @ApiProperty({ type: 'integer', description: 'Values sealed under the present key.', example: 3 })
  resealed!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Values that neither key opens: store them anew.',
    example: 0,
  })
  unreadable!: number;
}
