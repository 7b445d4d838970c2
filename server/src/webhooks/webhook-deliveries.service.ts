import { Injectable } from '@nestjs/common';
import { v7, validate } from 'uuid';
import type { Principal } from '../auth/domain/principal.js';
import { AppConfig } from '../config/app-config.js';
import { DomainError, notFound } from '../problems/domain-error.js';
import { TEST_TYPE } from './domain/event-types.js';
import {
  WebhookDeliveryDto,
  type WebhookDeliveriesDto,
  type WebhookDeliveriesQuery,
} from './dto/webhook-delivery.dto.js';
import { WebhookDeliverer } from './webhook-deliverer.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import type { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { WebhooksService } from './webhooks.service.js';

/** What was delivered, and what somebody wants delivered by hand. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly deliverer: WebhookDeliverer,
    private readonly config: AppConfig,
  ) {}

  /** @throws DomainError 404 */
  async list(
    webhookId: string,
    { status, before, limit }: WebhookDeliveriesQuery,
    by: Principal,
  ): Promise<WebhookDeliveriesDto> {
    await this.webhooks.visible(webhookId, by);
    const filter = { status: status ?? null, before: before ?? null };
    const rows = await this.deliveries.list(webhookId, filter, limit + 1);
    const shown = rows.slice(0, limit);
    return {
      deliveries: shown.map((row) => WebhookDeliveryDto.of(row)),
      next_before: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
    };
  }

  /** Sends a message about nothing, once, also where the webhook is off. @throws DomainError 404 */
  async test(webhookId: string, by: Principal): Promise<WebhookDeliveryDto> {
    await this.webhooks.visible(webhookId, by);
    const [id, now] = [v7(), new Date()];
    await this.deliveries.insert({
      ...{ id, webhookId, runId: null, seq: null, type: TEST_TYPE, status: 'pending' },
      ...{ tries: 0, triesLeft: 1, nextTryAt: now, leaseUntil: null, createdAt: now },
      ...{ responseStatus: null, responseText: null, durationMs: null, error: null },
      ...{ triedAt: null, endedAt: null },
    });
    await this.deliverer.deliver(id);
    return WebhookDeliveryDto.of(await this.find(webhookId, id));
  }

  /** @throws DomainError 404, 409 `webhook_off`, `delivery_pending` */
  async redeliver(webhookId: string, id: string, by: Principal): Promise<WebhookDeliveryDto> {
    const webhook = await this.webhooks.visible(webhookId, by);
    const delivery = await this.find(webhookId, id);
    if (!webhook.active && delivery.runId !== null)
      throw new DomainError(409, 'webhook_off', 'The webhook is off: turn it on first.');
    const tries = delivery.runId === null ? 1 : this.config.webhooks.tries;
    if (!(await this.deliveries.startAgain(id, tries)))
      throw new DomainError(409, 'delivery_pending', 'This is being delivered already.');
    return WebhookDeliveryDto.of(await this.find(webhookId, id));
  }

  private async find(webhookId: string, id: string): Promise<WebhookDeliveryEntity> {
    const delivery = validate(id) ? await this.deliveries.find(webhookId, id) : null;
    if (delivery === null) throw notFound('Delivery', id);
    return delivery;
  }
}
