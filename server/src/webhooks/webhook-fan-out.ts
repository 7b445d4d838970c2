import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppConfig } from '../config/app-config.js';
import { addDeliveryJobs, DELIVER_WEBHOOK, IN_TURN } from './webhook-jobs.js';
import { COVERS_RUN } from './webhook-sight.js';

const PAGE = 500;
const FORGOTTEN_AT_A_TIME = 100;
/** Events of transactions below the oldest one still open: nothing can appear before them any more. */
const OLDEST_OPEN = 'pg_snapshot_xmin(pg_current_snapshot())::text::bigint';

interface Page {
  readonly events: number;
  readonly tx: string | null;
  readonly global_id: string | null;
  readonly deliveries: string[] | null;
}

/**
 * Makes deliveries of events: for each webhook that covers the run one row and one job, in the transaction that moves
 * the cursor. A process that is killed in between has done nothing, and the next one does it.
 */
@Injectable()
export class WebhookFanOut {
  constructor(
    private readonly dataSource: DataSource,
    private readonly config: AppConfig,
  ) {}

  /** Hands out every event that may be read. Does nothing while another process is at it. */
  async round(): Promise<void> {
    while (await this.hasNews()) {
      const full = await this.dataSource.transaction((tx) => this.handOut(tx));
      if (!full) return;
    }
  }

  /** Queues anew what is due without a job that the queue will give to somebody before long. */
  async queueForgotten(): Promise<void> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT d.id FROM webhook_deliveries d
       WHERE d.status = 'pending' AND d.next_try_at < now() - interval '5 seconds'
         AND (d.lease_until IS NULL OR d.lease_until < now()) AND ${IN_TURN}
         AND NOT EXISTS (SELECT FROM graphile_worker.jobs j
           WHERE j.key = '${DELIVER_WEBHOOK}:' || d.id AND j.locked_at IS NULL AND j.attempts < j.max_attempts
             AND j.run_at < now() + interval '10 seconds')
       ORDER BY d.next_try_at LIMIT ${String(FORGOTTEN_AT_A_TIME)}`,
    );
    await addDeliveryJobs(
      this.dataSource.manager,
      rows.map(({ id }) => id),
    );
  }

  /** In the order of the index: as a mere question for existence it could be planned as a look through all events. */
  private async hasNews(): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `SELECT FROM run_events e WHERE (e.tx, e.global_id) >
         ((SELECT tx FROM webhook_cursor), (SELECT global_id FROM webhook_cursor)) AND e.tx < ${OLDEST_OPEN}
       ORDER BY e.tx, e.global_id LIMIT 1`,
    );
    return rows.length > 0;
  }

  /** @returns whether there may be more at once */
  private async handOut(tx: EntityManager): Promise<boolean> {
    const held: unknown[] = await tx.query('SELECT FROM webhook_cursor FOR UPDATE SKIP LOCKED');
    if (held.length === 0) return false;
    if (await this.passOver(tx)) return false;
    const page = await this.makeDeliveries(tx);
    if (page.tx === null) return false;
    await tx.query('UPDATE webhook_cursor SET tx = $1, global_id = $2', [page.tx, page.global_id]);
    await addDeliveryJobs(tx, page.deliveries ?? []);
    return page.events === PAGE;
  }

  /** Where no webhook is active, nothing has to be read. One statement, hence one view of webhooks and events. */
  private async passOver(tx: EntityManager): Promise<boolean> {
    const [rows]: [unknown[], number] = await tx.query(
      `UPDATE webhook_cursor SET tx = ${OLDEST_OPEN}, global_id = 0
       WHERE tx < ${OLDEST_OPEN} AND NOT EXISTS (SELECT FROM webhooks WHERE active) RETURNING id`,
    );
    return rows.length > 0;
  }

  private async makeDeliveries(tx: EntityManager): Promise<Page> {
    const [page] = await tx.query<Page[]>(
      // One look by key for each run: planned as a join it could read all of them.
      `WITH page AS (
         SELECT e.tx, e.global_id, e.run_id, e.seq, e.type, e.at FROM run_events e
         WHERE (e.tx, e.global_id) > ((SELECT tx FROM webhook_cursor), (SELECT global_id FROM webhook_cursor))
           AND e.tx < ${OLDEST_OPEN}
         ORDER BY e.tx, e.global_id LIMIT ${String(PAGE)}),
       made AS (
         INSERT INTO webhook_deliveries (id, webhook_id, run_id, seq, type, status, tries, tries_left, next_try_at, created_at)
         SELECT gen_random_uuid(), w.id, p.run_id, p.seq, p.type, 'pending', 0, $1, now(), now()
         FROM page p
         JOIN webhooks w ON w.active AND p.type = ANY(w.event_types) AND p.at >= w.active_since
         JOIN users u ON u.id = w.owner_id
         CROSS JOIN LATERAL (SELECT id, profile, project_name, owner_id FROM runs WHERE id = p.run_id OFFSET 0) r
         WHERE ${COVERS_RUN}
         ORDER BY p.tx, p.global_id
         ON CONFLICT DO NOTHING RETURNING id)
       SELECT (SELECT count(*)::int FROM page) AS events, last.tx, last.global_id,
         (SELECT array_agg(id::text) FROM made) AS deliveries
       FROM (SELECT 1) one LEFT JOIN LATERAL (
         SELECT tx, global_id FROM page ORDER BY tx DESC, global_id DESC LIMIT 1) last ON true`,
      [this.config.webhooks.tries],
    );
    return page ?? { events: 0, tx: null, global_id: null, deliveries: null };
  }
}
