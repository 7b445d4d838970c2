import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../../api/generated/api';
import { createWebhook } from '../../api/generated/fn/webhooks/create-webhook';
import { deleteWebhook } from '../../api/generated/fn/webhooks/delete-webhook';
import { listWebhookDeliveries } from '../../api/generated/fn/webhooks/list-webhook-deliveries';
import { listWebhooks } from '../../api/generated/fn/webhooks/list-webhooks';
import { redeliverWebhook } from '../../api/generated/fn/webhooks/redeliver-webhook';
import { rotateWebhookSecret } from '../../api/generated/fn/webhooks/rotate-webhook-secret';
import { testWebhook } from '../../api/generated/fn/webhooks/test-webhook';
import { updateWebhook } from '../../api/generated/fn/webhooks/update-webhook';
import type {
  CreateWebhookDto,
  UpdateWebhookDto,
  WebhookDeliveriesDto,
  WebhookDeliveryDto,
  WebhookDto,
  WebhookWithSecretDto,
} from '../../api/generated/models';

export type Webhook = WebhookDto;
export type WebhookDelivery = WebhookDeliveryDto;

/** Webhooks, and what was delivered to them. */
@Injectable({ providedIn: 'root' })
export class WebhooksGateway {
  private readonly api = inject(Api);

  all(): Observable<readonly Webhook[]> {
    return this.api.invoke(listWebhooks).pipe(map((answer) => answer.webhooks));
  }

  create(webhook: CreateWebhookDto): Observable<WebhookWithSecretDto> {
    return this.api.invoke(createWebhook, { body: webhook });
  }

  update(id: string, change: UpdateWebhookDto): Observable<Webhook> {
    return this.api.invoke(updateWebhook, { webhook_id: id, body: change });
  }

  remove(id: string): Observable<unknown> {
    return this.api.invoke(deleteWebhook, { webhook_id: id });
  }

  rotate(id: string): Observable<WebhookWithSecretDto> {
    return this.api.invoke(rotateWebhookSecret, { webhook_id: id });
  }

  /** One message about nothing. */
  test(id: string): Observable<WebhookDelivery> {
    return this.api.invoke(testWebhook, { webhook_id: id });
  }

  /** @param before number of the delivery that the page ends before; null: the newest page */
  deliveries(id: string, before: number | null): Observable<WebhookDeliveriesDto> {
    return this.api.invoke(listWebhookDeliveries, {
      webhook_id: id,
      limit: 20,
      ...(before === null ? {} : { before }),
    });
  }

  redeliver(id: string, deliveryId: string): Observable<WebhookDelivery> {
    return this.api.invoke(redeliverWebhook, { webhook_id: id, delivery_id: deliveryId });
  }
}
