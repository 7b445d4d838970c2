import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../domain/event-types.js';
import type { WebhookDeliveryEntity } from '../webhook-delivery.entity.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-02T03:04:05.678Z';

export class WebhookDeliveriesQuery {
  @ApiPropertyOptional({
    enum: DELIVERY_STATUSES,
    enumName: 'WebhookDeliveryStatus',
    description: 'Only these.',
  })
  @IsOptional()
  @IsIn(DELIVERY_STATUSES)
  status?: DeliveryStatus;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Only deliveries before this one.',
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

export class WebhookDeliveryDto {
  @ApiProperty({
    format: 'uuid',
    description: 'Its id, which is `webhook-id` of each try; receivers know by it what they have already.',
    example: ID,
  })
  delivery_id!: string;

  @ApiProperty({ type: 'integer', description: 'Its place in the list.', example: 1042 })
  number!: number;

  @ApiProperty({ description: 'Type of the event, or `webhook.test`.', example: 'run.completed' })
  type!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The run; null for a test.',
    example: ID,
  })
  run_id!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Number of the event in the run; null for a test.',
    example: 12,
  })
  sequence!: number | null;

  @ApiProperty({
    enum: DELIVERY_STATUSES,
    enumName: 'WebhookDeliveryStatus',
    description:
      'What came of it. `dropped`: it was not sent, since the webhook was off or its owner may not see the run.',
    example: 'delivered',
  })
  status!: DeliveryStatus;

  @ApiProperty({ type: 'integer', description: 'Tries so far.', example: 1 })
  tries!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it is tried next; null once it has ended.',
    example: null,
  })
  next_try_at!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'HTTP status of the last try; null where there was no answer.',
    example: 200,
  })
  response_status!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The first 1024 bytes of that answer, secrets masked.',
    example: 'ok',
  })
  response_text!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How long the last try took, milliseconds.',
    example: 84,
  })
  duration_ms!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the last try failed, or why there was none.',
    example: null,
  })
  error!: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: TIME })
  created_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was tried last.',
    example: TIME,
  })
  tried_at!: string | null;

  static of(delivery: WebhookDeliveryEntity): WebhookDeliveryDto {
    return {
      delivery_id: delivery.id,
      number: delivery.number,
      type: delivery.type,
      run_id: delivery.runId,
      sequence: delivery.seq,
      status: delivery.status,
      tries: delivery.tries,
      next_try_at: delivery.nextTryAt?.toISOString() ?? null,
      response_status: delivery.responseStatus,
      response_text: delivery.responseText,
      duration_ms: delivery.durationMs,
      error: delivery.error,
      created_at: delivery.createdAt.toISOString(),
      tried_at: delivery.triedAt?.toISOString() ?? null,
    };
  }
}

export class WebhookDeliveriesDto {
  @ApiProperty({ type: [WebhookDeliveryDto], description: 'Newest first.' })
  deliveries!: WebhookDeliveryDto[];

  @ApiProperty({ type: 'integer', nullable: true, description: '`before` of the next page.', example: null })
  next_before!: number | null;
}
