import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { RunEventEntity } from '../runs/run-event.entity.js';
import type { DeliveryStatus } from './domain/event-types.js';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { addDeliveryJobs, IN_TURN } from './webhook-jobs.js';
import { COVERS_RUN, MAY_HAVE_WEBHOOKS } from './webhook-sight.js';

export interface DeliveryFilter {
  readonly status: DeliveryStatus | null;
  /** Only those before this number. */
  readonly before: number | null;
}

@Injectable()
export class WebhookDeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  list(webhookId: string, filter: DeliveryFilter, limit: number): Promise<WebhookDeliveryEntity[]> {
    const query = this.rows().createQueryBuilder('d').where('d.webhook_id = :webhookId', { webhookId });
    if (filter.status !== null) query.andWhere('d.status = :status', { status: filter.status });
    if (filter.before !== null) query.andWhere('d.number < :before', { before: filter.before });
    return query.orderBy('d.number', 'DESC').limit(limit).getMany();
  }

  find(webhookId: string, id: string): Promise<WebhookDeliveryEntity | null> {
    return this.rows().findOneBy({ webhookId, id });
  }

  async insert(delivery: Omit<WebhookDeliveryEntity, 'number'>): Promise<void> {
    await this.rows().insert(delivery);
  }

  /**
   * Takes a delivery that is due for one try, until the lease ends.
   * @returns null where it is not due, not in turn, or another process holds it
   */
  async claim(id: string, leaseMs: number): Promise<WebhookDeliveryEntity | null> {
    const [claimed]: [{ id: string }[], number] = await this.dataSource.query(
      `UPDATE webhook_deliveries d SET tries = tries + 1, tries_left = tries_left - 1, tried_at = now(),
         lease_until = now() + $2 * interval '1 millisecond'
       WHERE id = $1 AND status = 'pending' AND next_try_at <= now()
         AND (lease_until IS NULL OR lease_until < now()) AND ${IN_TURN}
       RETURNING id`,
      [id, leaseMs],
    );
    return claimed.length === 0 ? null : this.rows().findOneBy({ id });
  }

  /** Whether the webhook's owner may be told this now; looked up for every try. */
  async mayBeSent({ id }: WebhookDeliveryEntity): Promise<boolean> {
    const [row] = await this.dataSource.query<{ allowed: boolean }[]>(
      `SELECT CASE WHEN d.run_id IS NULL THEN ${MAY_HAVE_WEBHOOKS} ELSE coalesce(${COVERS_RUN}, false) END AS allowed
       FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id JOIN users u ON u.id = w.owner_id
       LEFT JOIN runs r ON r.id = d.run_id WHERE d.id = $1`,
      [id],
    );
    return row?.allowed === true;
  }

  event(runId: string, seq: number): Promise<RunEventEntity | null> {
    return this.dataSource.getRepository(RunEventEntity).findOneBy({ runId, seq });
  }

  /** Whether the claim of `held` still counted, so that this was written. */
  async settle(
    tx: EntityManager,
    held: WebhookDeliveryEntity,
    changes: Partial<WebhookDeliveryEntity>,
  ): Promise<boolean> {
    const { affected } = await tx.update(
      WebhookDeliveryEntity,
      { id: held.id, tries: held.tries, status: 'pending' },
      { ...changes, leaseUntil: null },
    );
    return affected === 1;
  }

  /** Queues the delivery of the run that waited for this one. */
  async queueNextInTurn(tx: EntityManager, { webhookId, runId, seq }: WebhookDeliveryEntity): Promise<void> {
    if (runId === null) return;
    const rows = await tx.query<{ id: string }[]>(
      `SELECT id FROM webhook_deliveries WHERE webhook_id = $1 AND run_id = $2 AND seq > $3 AND status = 'pending' AND tries = 0
       ORDER BY seq LIMIT 1`,
      [webhookId, runId, seq],
    );
    await addDeliveryJobs(
      tx,
      rows.map(({ id }) => id),
    );
  }

  /** Makes an ended delivery due again. Whether it had ended. */
  startAgain(id: string, tries: number): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      const [rows]: [unknown[], number] = await tx.query(
        `UPDATE webhook_deliveries SET status = 'pending', tries_left = $2, next_try_at = now(), ended_at = NULL
         WHERE id = $1 AND status <> 'pending' RETURNING id`,
        [id, tries],
      );
      if (rows.length > 0) await addDeliveryJobs(tx, [id]);
      return rows.length > 0;
    });
  }

  private rows(): Repository<WebhookDeliveryEntity> {
    return this.dataSource.getRepository(WebhookDeliveryEntity);
  }
}
