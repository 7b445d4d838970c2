import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Templates for runs, schedules that create runs, and what came of each tick of theirs. */
export class CreateSchedules1795351100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE templates (
        name text CONSTRAINT templates_pk PRIMARY KEY,
        description text,
        profile text NOT NULL,
        preset jsonb NOT NULL,
        owner_id uuid NOT NULL CONSTRAINT templates_owner_fk REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );

      CREATE TABLE schedules (
        id uuid CONSTRAINT schedules_pk PRIMARY KEY,
        owner_id uuid NOT NULL CONSTRAINT schedules_owner_fk REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        cron text NOT NULL,
        time_zone text NOT NULL,
        overlap text NOT NULL,
        catch_up text NOT NULL,
        run jsonb NOT NULL,
        enabled boolean NOT NULL,
        next_run_at timestamptz,
        last_run_id uuid CONSTRAINT schedules_last_run_fk REFERENCES runs (id) ON DELETE SET NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX schedules_owner ON schedules (owner_id, name);
      CREATE INDEX schedules_due ON schedules (next_run_at) WHERE enabled;
      CREATE INDEX schedules_last_run ON schedules (last_run_id);

      CREATE TABLE schedule_ticks (
        schedule_id uuid NOT NULL CONSTRAINT schedule_ticks_schedule_fk REFERENCES schedules (id) ON DELETE CASCADE,
        scheduled_at timestamptz NOT NULL,
        at timestamptz NOT NULL,
        outcome text NOT NULL,
        run_id uuid CONSTRAINT schedule_ticks_run_fk REFERENCES runs (id) ON DELETE SET NULL,
        detail text,
        CONSTRAINT schedule_ticks_pk PRIMARY KEY (schedule_id, scheduled_at)
      );
      CREATE INDEX schedule_ticks_run ON schedule_ticks (run_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE schedule_ticks, schedules, templates');
  }
}
