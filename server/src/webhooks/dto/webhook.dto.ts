import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { MayBeAbsent } from '../../problems/may-be-absent.decorator.js';
import {
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_SCOPES,
  type WebhookEventType,
  type WebhookScope,
} from '../domain/event-types.js';
import type { WebhookEntity } from '../webhook.entity.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-02T03:04:05.678Z';
const URL_DESCRIPTION =
  'Where events are sent: https, without credentials; http only where the server allows private addresses.';
const PROFILE = { description: 'Only runs of this profile; null: of every one.', example: 'self_hardening' };
const PROJECT = {
  description: 'Only runs of the project of this name; null: of every one.',
  example: 'demo',
};
const SCOPE =
  '`mine`: runs that the owner created or that are shared with them; `all`: every run, which needs `runs:read_all`.';

export class CreateWebhookDto {
  @ApiProperty({ maxLength: 200, description: 'What it is for.', example: 'Tell the chat' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name!: string;

  @ApiProperty({ maxLength: 2000, description: URL_DESCRIPTION, example: 'https://hooks.example/runs' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2000)
  url!: string;

  @ApiProperty({
    enum: WEBHOOK_EVENT_TYPES,
    enumName: 'WebhookEventType',
    isArray: true,
    description: 'What it is told.',
    example: ['run.completed', 'run.failed'],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(WEBHOOK_EVENT_TYPES.length)
  @IsIn(WEBHOOK_EVENT_TYPES, { each: true })
  event_types!: WebhookEventType[];

  @ApiPropertyOptional({
    enum: WEBHOOK_SCOPES,
    enumName: 'WebhookScope',
    default: 'mine',
    description: SCOPE,
    example: 'mine',
  })
  @MayBeAbsent()
  @IsIn(WEBHOOK_SCOPES)
  scope?: WebhookScope;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 63, ...PROFILE })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(63)
  profile?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 200, ...PROJECT })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  project?: string | null;

  @ApiPropertyOptional({ default: true, description: 'Whether it is told anything.', example: true })
  @MayBeAbsent()
  @IsBoolean()
  active?: boolean;
}

export class UpdateWebhookDto extends PartialType(CreateWebhookDto, { skipNullProperties: false }) {}

/** What is known of a webhook; never its secret. */
export class WebhookDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: ID })
  webhook_id!: string;

  @ApiProperty({
    format: 'uuid',
    description: 'Whose it is; it is told what this person may see.',
    example: ID,
  })
  owner_id!: string;

  @ApiProperty({ description: 'What it is for.', example: 'Tell the chat' })
  name!: string;

  @ApiProperty({ description: URL_DESCRIPTION, example: 'https://hooks.example/runs' })
  url!: string;

  @ApiProperty({
    enum: WEBHOOK_EVENT_TYPES,
    enumName: 'WebhookEventType',
    isArray: true,
    description: 'What it is told.',
    example: ['run.completed', 'run.failed'],
  })
  event_types!: WebhookEventType[];

  @ApiProperty({ enum: WEBHOOK_SCOPES, enumName: 'WebhookScope', description: SCOPE, example: 'mine' })
  scope!: WebhookScope;

  @ApiProperty({ type: String, nullable: true, ...PROFILE })
  profile!: string | null;

  @ApiProperty({ type: String, nullable: true, ...PROJECT })
  project!: string | null;

  @ApiProperty({ description: 'Whether it is told anything.', example: true })
  active!: boolean;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why it was turned off by itself; null where it is active, or somebody turned it off.',
    example: null,
  })
  off_reason!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when nothing could be delivered; null where the last try arrived.',
    example: null,
  })
  failing_since!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until then the secret before the last rotation signs as well; null where there is none.',
    example: null,
  })
  previous_secret_until!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: TIME })
  created_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When somebody changed it last.', example: TIME })
  updated_at!: string;

  static of(webhook: WebhookEntity, now: Date): WebhookDto {
    const { previousUntil } = webhook;
    return {
      webhook_id: webhook.id,
      owner_id: webhook.ownerId,
      name: webhook.name,
      url: webhook.url,
      event_types: webhook.eventTypes,
      scope: webhook.scope,
      profile: webhook.profile,
      project: webhook.project,
      active: webhook.active,
      off_reason: webhook.offReason,
      failing_since: webhook.failingSince?.toISOString() ?? null,
      previous_secret_until:
        previousUntil !== null && previousUntil > now ? previousUntil.toISOString() : null,
      created_at: webhook.createdAt.toISOString(),
      updated_at: webhook.updatedAt.toISOString(),
    };
  }
}

export class WebhooksDto {
  @ApiProperty({ type: [WebhookDto], description: 'The oldest first.' })
  webhooks!: WebhookDto[];
}

export class WebhookWithSecretDto extends WebhookDto {
  @ApiProperty({
    description: 'What signs its deliveries, as Standard Webhooks write it. Shown this once.',
    example: 'whsec_bm90IGEgc2VjcmV0LCBhbiBleGFtcGxlIG9ubHkhISE=',
  })
  secret!: string;
}
