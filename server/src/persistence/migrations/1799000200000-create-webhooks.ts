import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Webhooks, what is delivered to them, and how far the events of runs were handed out to them. */
export class CreateWebhooks1799000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE webhooks (
        id uuid CONSTRAINT webhooks_pk PRIMARY KEY,
        owner_id uuid NOT NULL CONSTRAINT webhooks_owner_fk REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        url text NOT NULL,
        event_types text[] NOT NULL,
        scope text NOT NULL,
        profile text,
        project text,
        sealed_secret text NOT NULL,
        previous_secret text,
        previous_until timestamptz,
        active boolean NOT NULL,
        active_since timestamptz NOT NULL,
        off_reason text,
        failing_since timestamptz,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX webhooks_owner ON webhooks (owner_id);

      CREATE TABLE webhook_deliveries (
        id uuid CONSTRAINT webhook_deliveries_pk PRIMARY KEY,
        number bigint GENERATED ALWAYS AS IDENTITY,
        webhook_id uuid NOT NULL CONSTRAINT webhook_deliveries_webhook_fk REFERENCES webhooks (id) ON DELETE CASCADE,
        run_id uuid CONSTRAINT webhook_deliveries_run_fk REFERENCES runs (id) ON DELETE CASCADE,
        seq integer,
        type text NOT NULL,
        status text NOT NULL,
        tries integer NOT NULL,
        tries_left integer NOT NULL,
        next_try_at timestamptz,
        lease_until timestamptz,
        response_status integer,
        response_text text,
        duration_ms integer,
        error text,
        created_at timestamptz NOT NULL,
        tried_at timestamptz,
        ended_at timestamptz
      );
      CREATE UNIQUE INDEX webhook_deliveries_event ON webhook_deliveries (webhook_id, run_id, seq);
      CREATE UNIQUE INDEX webhook_deliveries_list ON webhook_deliveries (webhook_id, number);
      CREATE INDEX webhook_deliveries_run ON webhook_deliveries (run_id);
      CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_try_at) WHERE status = 'pending';
      CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

      CREATE TABLE webhook_cursor (
        id smallint CONSTRAINT webhook_cursor_pk PRIMARY KEY,
        tx bigint NOT NULL,
        global_id bigint NOT NULL
      );
      INSERT INTO webhook_cursor SELECT 1, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_cursor, webhook_deliveries, webhooks');
  }
}
