import type { EntityManager } from 'typeorm';

/** The task of the queue that delivers. */
export const DELIVER_WEBHOOK = 'deliver_webhook';

/** A pending delivery is held back until every earlier one of its run at its webhook has had its first try. */
export const IN_TURN = `NOT EXISTS (SELECT FROM webhook_deliveries b
  WHERE b.webhook_id = d.webhook_id AND b.run_id = d.run_id AND b.seq < d.seq AND b.status = 'pending'
    AND (b.tries = 0 OR b.lease_until > now()))`;

/** Queues deliveries; the key keeps a job from being there twice. @param at null: now */
export async function addDeliveryJobs(
  tx: EntityManager,
  ids: readonly string[],
  at: Date | null = null,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `SELECT graphile_worker.add_job('${DELIVER_WEBHOOK}', payload := json_build_object('id', id),
       run_at := coalesce($2::timestamptz, now()), job_key := '${DELIVER_WEBHOOK}:' || id)
     FROM unnest($1::text[]) AS due(id)`,
    [ids, at],
  );
}
