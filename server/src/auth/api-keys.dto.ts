import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
} from 'class-validator';
import { IsString, MaxLength } from 'class-validator';
import type { ApiKeyEntity } from './api-key.entity.js';
import { PERMISSIONS, type Permission } from './domain/permissions.js';

export class CreateApiKeyDto {
  @ApiProperty({ description: 'What the key is for.', example: 'nightly build' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name!: string;

  @ApiPropertyOptional({
    description: 'The only permissions it may use; absent or null: all of its owner.',
    enum: PERMISSIONS,
    isArray: true,
    nullable: true,
    example: ['runs:read', 'runs:create', 'runs:operate'],
  })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(PERMISSIONS.length)
  @ArrayUnique()
  @IsIn(PERMISSIONS, { each: true })
  scopes?: Permission[] | null;

  @ApiPropertyOptional({
    description: 'When it ends, ISO 8601; absent or null: when it is revoked.',
    type: String,
    nullable: true,
    example: '2030-01-01T00:00:00Z',
  })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  expires_at?: string | null;
}

export class ApiKeyDto {
  @ApiProperty({ description: 'Id of the key.', example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c13' })
  api_key_id!: string;

  @ApiProperty({ description: 'What the key is for.', example: 'nightly build' })
  name!: string;

  @ApiProperty({ description: 'Beginning of the key, to recognise it.', example: 'orc_Xw3kP9aQ' })
  prefix!: string;

  @ApiProperty({
    description: 'The only permissions it may use; null: all of its owner.',
    enum: PERMISSIONS,
    isArray: true,
    nullable: true,
    example: ['runs:read'],
  })
  scopes!: Permission[] | null;

  @ApiProperty({ description: 'When it was made.', example: '2026-11-22T13:30:00.000Z' })
  created_at!: string;

  @ApiProperty({
    description: 'When it ends.',
    type: String,
    nullable: true,
    example: '2030-01-01T00:00:00.000Z',
  })
  expires_at!: string | null;

  @ApiProperty({
    description: 'When it was last used, to about a minute.',
    type: String,
    nullable: true,
    example: '2026-11-22T13:45:00.000Z',
  })
  last_used_at!: string | null;

  static of(key: ApiKeyEntity): ApiKeyDto {
    return {
      api_key_id: key.id,
      name: key.name,
      prefix: key.prefix,
      scopes: key.scopes,
      created_at: key.createdAt.toISOString(),
      expires_at: key.expiresAt?.toISOString() ?? null,
      last_used_at: key.lastUsedAt?.toISOString() ?? null,
    };
  }
}

export class CreatedApiKeyDto extends ApiKeyDto {
  @ApiProperty({
    description: 'The key itself, shown this one time.',
    example: 'orc_Xw3kP9aQexampleexampleexampleexampleexam',
  })
  key!: string;
}

export class ApiKeysDto {
  @ApiProperty({
    description: 'The keys in force or expired, newest first; revoked ones are left out.',
    type: [ApiKeyDto],
  })
  api_keys!: ApiKeyDto[];
}
