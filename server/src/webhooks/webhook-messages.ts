import { Injectable } from '@nestjs/common';
import { RunsService } from '../runs/runs.service.js';
import { TEST_TYPE } from './domain/event-types.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import type { WebhookDeliveryEntity } from './webhook-delivery.entity.js';

/** Writes the bodies of messages: the event as it was, and the run in short as it is now. */
@Injectable()
export class WebhookMessages {
  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly runs: RunsService,
  ) {}

  /** JSON; null where the event or its run is no more. */
  async bodyOf(delivery: WebhookDeliveryEntity): Promise<string | null> {
    if (delivery.type === TEST_TYPE) {
      const timestamp = delivery.createdAt.toISOString();
      return JSON.stringify({ id: delivery.id, type: TEST_TYPE, timestamp, data: null });
    }
    const { runId, seq } = delivery;
    const event = runId === null || seq === null ? null : await this.deliveries.event(runId, seq);
    if (event === null) return null;
    return JSON.stringify({
      id: `${event.runId}.${String(event.seq)}`,
      type: event.type,
      timestamp: event.at.toISOString(),
      data: {
        run_id: event.runId,
        sequence: event.seq,
        phase: event.phase,
        step: event.step,
        attempt: event.attempt,
        details: event.data,
        run: await this.runs.summary(event.runId),
      },
    });
  }
}
