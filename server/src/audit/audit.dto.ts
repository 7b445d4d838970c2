import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { AuditEntryEntity } from './audit-entry.entity.js';

export const RESULTS = ['done', 'refused', 'failed', 'unknown'] as const;
export type AuditResult = (typeof RESULTS)[number];

/** `refused`: 401, 403 and 429; `failed`: any other error; `unknown`: a request without an answer. */
export function resultOf({ status, action }: Pick<AuditEntryEntity, 'status' | 'action'>): AuditResult {
  if (status === null) return /^[A-Z]+ \//u.test(action) ? 'unknown' : 'done';
  if (status < 400) return 'done';
  return status === 401 || status === 403 || status === 429 ? 'refused' : 'failed';
}

const TIME = '2026-01-02T03:04:05.678Z';

export class AuditFilter {
  @ApiPropertyOptional({ description: 'Id of a user, or part of the name.', example: 'ada' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;

  @ApiPropertyOptional({ description: 'Part of the action.', example: 'POST /runs' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  action?: string;

  @ApiPropertyOptional({ description: 'Part of what it was about, such as an id.', example: '0199d1f5' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  target?: string;

  @ApiPropertyOptional({ enum: RESULTS, enumName: 'AuditResult', description: 'What came of it.' })
  @IsOptional()
  @IsIn(RESULTS)
  result?: AuditResult;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'At or after.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  since?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Before.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  until?: string;
}

export class AuditQuery extends AuditFilter {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Only entries before this one.',
    example: 1000,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 50,
    description: 'Size of the page.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit = 50;
}

export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;

export class AuditExportQuery extends AuditFilter {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'jsonl', description: 'JSON lines, or CSV.' })
  @IsOptional()
  @IsIn(EXPORT_FORMATS)
  format: (typeof EXPORT_FORMATS)[number] = 'jsonl';
}

export class AuditEntryDto {
  @ApiProperty({ type: 'integer', description: 'Its place in the list.', example: 1042 })
  seq!: number;

  @ApiProperty({ format: 'date-time', description: 'When the request came.', example: TIME })
  at!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Who; null: nobody who is known, or the system.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c11',
  })
  actor_id!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Name at that time.', example: 'Ada' })
  actor_name!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'By which proof.', example: 'session' })
  via!: string | null;

  @ApiProperty({
    description: 'Method and route, or what else happened.',
    example: 'POST /runs/:run_id/pause',
  })
  action!: string;

  @ApiProperty({
    description: 'What it was about.',
    example: '/runs/0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10/pause',
  })
  target!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'HTTP status; null: no request, or one that was never answered.',
    example: 200,
  })
  status!: number | null;

  @ApiProperty({ enum: RESULTS, enumName: 'AuditResult', description: 'What came of it.', example: 'done' })
  result!: AuditResult;

  @ApiProperty({ type: String, nullable: true, description: 'From which address.', example: '192.0.2.7' })
  address!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'With which program.', example: 'curl/8.5.0' })
  user_agent!: string | null;

  @ApiProperty({ description: 'Hash that chains it, hexadecimal.', example: '9f86d081884c7d65' })
  hash!: string;

  static of(entry: AuditEntryEntity): AuditEntryDto {
    return {
      seq: entry.seq,
      at: entry.at.toISOString(),
      actor_id: entry.actorId,
      actor_name: entry.actorName,
      via: entry.via,
      action: entry.action,
      target: entry.target,
      status: entry.status,
      result: resultOf(entry),
      address: entry.address,
      user_agent: entry.userAgent,
      hash: entry.hash.toString('hex'),
    };
  }
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditEntryDto], description: 'Newest first.' })
  entries!: AuditEntryDto[];

  @ApiProperty({ type: 'integer', nullable: true, description: '`before` of the next page.', example: null })
  next_before!: number | null;
}

export class AuditVerificationDto {
  @ApiProperty({ description: 'Whether every entry fits the one before it.', example: true })
  intact!: boolean;

  @ApiProperty({ type: 'integer', description: 'Entries that were looked at.', example: 1042 })
  entries!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The first that does not fit.',
    example: null,
  })
  broken_at!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Hash of the last entry; kept elsewhere, it shows later whether the end was cut off.',
    example: '9f86d081884c7d65',
  })
  head!: string | null;
}
