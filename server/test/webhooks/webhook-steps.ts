import { expect } from '@jest/globals';
import type { WebhookSettings } from '../../src/config/webhook-settings.js';
import type {
  WebhookDeliveriesDto,
  WebhookDeliveryDto,
} from '../../src/webhooks/dto/webhook-delivery.dto.js';
import type { WebhookWithSecretDto } from '../../src/webhooks/dto/webhook.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/until.js';

/** Three tries in quick succession. */
export const QUICK_WEBHOOKS: WebhookSettings = {
  tries: 3,
  timeoutMs: 1000,
  retryMs: 10,
  offAfterMs: 3_600_000,
  keepDays: 30,
};

export async function createWebhook(
  client: ApiClient,
  url: string,
  more: object = {},
): Promise<WebhookWithSecretDto> {
  const body = { name: 'a test', url, event_types: ['run.completed'], ...more };
  const answer = await client.post<WebhookWithSecretDto>('/webhooks', body);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

export async function deliveriesOf(client: ApiClient, webhookId: string): Promise<WebhookDeliveryDto[]> {
  const { status, body } = await client.get<WebhookDeliveriesDto>(`/webhooks/${webhookId}/deliveries`);
  expect(status).toBe(200);
  return body.deliveries;
}

/** Waits until the newest delivery is so. */
export const deliveryUntil = async (
  client: ApiClient,
  webhookId: string,
  status: WebhookDeliveryDto['status'],
): Promise<WebhookDeliveryDto> => {
  const [newest] = await eventually(
    () => deliveriesOf(client, webhookId),
    ([delivery]) => delivery?.status === status,
  );
  if (newest === undefined) throw new Error('There is no delivery');
  return newest;
};

export const sendTest = async (client: ApiClient, webhookId: string): Promise<WebhookDeliveryDto> => {
  const { status, body } = await client.post<WebhookDeliveryDto>(`/webhooks/${webhookId}/test`);
  expect(status).toBe(200);
  return body;
};
