import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { RunEntity } from '../runs/run.entity.js';
import type { DeliveryStatus, DeliveryType } from './domain/event-types.js';
import { WebhookEntity } from './webhook.entity.js';

/** One event that one webhook is told. The key of webhook, run and sequence lets none be there twice. */
@Entity({ name: 'webhook_deliveries' })
@Index('webhook_deliveries_event', ['webhookId', 'runId', 'seq'], { unique: true })
@Index('webhook_deliveries_list', ['webhookId', 'number'], { unique: true })
@Index('webhook_deliveries_due', ['nextTryAt'], { where: `status = 'pending'` })
@Index('webhook_deliveries_ended', ['endedAt'], { where: 'ended_at IS NOT NULL' })
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhook_deliveries_pk' })
  id!: string;

  /** Order of the list. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', transformer: bigintNumber })
  number!: number;

  @Column('uuid')
  @ForeignKey(() => WebhookEntity, { name: 'webhook_deliveries_webhook_fk', onDelete: 'CASCADE' })
  webhookId!: string;

  /** null: a test, which is about no run. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => RunEntity, { name: 'webhook_deliveries_run_fk', onDelete: 'CASCADE' })
  @Index('webhook_deliveries_run')
  runId!: string | null;

  @Column('integer', { nullable: true })
  seq!: number | null;

  @Column('text')
  type!: DeliveryType;

  @Column('text')
  status!: DeliveryStatus;

  /** So far; rises with each claim, and fences it. */
  @Column('integer')
  tries!: number;

  @Column('integer')
  triesLeft!: number;

  @Column('timestamptz', { nullable: true })
  nextTryAt!: Date | null;

  /** Until then the process that holds it may be sending. */
  @Column('timestamptz', { nullable: true })
  leaseUntil!: Date | null;

  /** HTTP status of the last try; null where there was no answer. */
  @Column('integer', { nullable: true })
  responseStatus!: number | null;

  /** The first 1024 bytes, masked. */
  @Column('text', { nullable: true })
  responseText!: string | null;

  @Column('integer', { nullable: true })
  durationMs!: number | null;

  /** A sentence: why the last try failed, or why there was none. */
  @Column('text', { nullable: true })
  error!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  triedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
