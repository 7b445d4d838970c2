import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { RUN_STATUSES, type RunStatus } from '../domain/run-status.js';
import { WAITING_KINDS, type WaitingKind } from '../domain/waiting.js';

export const SORT_FIELDS = ['created_at', 'updated_at', 'project_name', 'cost_usd', 'duration'] as const;
export type SortField = (typeof SORT_FIELDS)[number];
export type Sort = SortField | `-${SortField}`;
const SORTS: readonly Sort[] = SORT_FIELDS.flatMap((field) => [field, `-${field}` as const]);

const asList = ({ value }: { value: unknown }): unknown =>
  value === undefined || Array.isArray(value) ? value : [value];
const asBoolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

/** The filters of `GET /runs`. `metadata.KEY=value` is read beside them. */
export class ListRunsQuery {
  /** Parameters that begin so are not this class's. */
  static readonly openPrefix = 'metadata.';

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

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 10_000,
    default: 0,
    description: 'Runs to pass over.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10_000)
  offset = 0;

  @ApiPropertyOptional({ description: 'Cursor of an earlier page, instead of an offset.' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string;

  @ApiPropertyOptional({ enum: RUN_STATUSES, isArray: true, description: 'Any of these.' })
  @IsOptional()
  @Transform(asList)
  @IsArray()
  @IsIn(RUN_STATUSES, { each: true })
  status?: RunStatus[];

  @ApiPropertyOptional({ type: String, isArray: true, description: 'Any of these.' })
  @IsOptional()
  @Transform(asList)
  @IsArray()
  @IsString({ each: true })
  @MaxLength(63, { each: true })
  profile?: string[];

  @ApiPropertyOptional({ description: 'Id or e-mail address of the owner, or `me`.' })
  @IsOptional()
  @IsString()
  @MaxLength(320)
  owner?: string;

  @ApiPropertyOptional({
    description: 'Part of the project name, an id or short id, or words of the intake.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Created at or after.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  created_after?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Created before.' })
  @IsOptional()
  @IsISO8601({ strict: true })
  created_before?: string;

  @ApiPropertyOptional({ enum: WAITING_KINDS, isArray: true, description: 'Waits for any of these.' })
  @IsOptional()
  @Transform(asList)
  @IsArray()
  @IsIn(WAITING_KINDS, { each: true })
  waiting_on?: WaitingKind[];

  @ApiPropertyOptional({ minimum: 0, description: 'Cost at least this many US dollars.' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  min_cost_usd?: number;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Archived runs instead of the others.' })
  @IsOptional()
  @Transform(asBoolean)
  @IsBoolean()
  archived = false;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Runs that others share with the caller or with everybody, instead of the caller’s.',
  })
  @IsOptional()
  @Transform(asBoolean)
  @IsBoolean()
  shared = false;

  @ApiPropertyOptional({ enum: SORTS, default: '-created_at', description: 'Order; `-` is descending.' })
  @IsOptional()
  @IsIn(SORTS)
  sort: Sort = '-created_at';
}
