import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sealed values for steps, and which try was given which. */
export class CreateSecrets1795354000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE secrets (
        id uuid CONSTRAINT secrets_pk PRIMARY KEY,
        name text NOT NULL,
        profile text,
        project text,
        sealed text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid CONSTRAINT secrets_updated_by_fk REFERENCES users (id) ON DELETE SET NULL,
        last_used_at timestamptz
      );
      CREATE UNIQUE INDEX secrets_scope ON secrets (name, coalesce(profile, ''), coalesce(project, ''));

      CREATE TABLE secret_uses (
        step_attempt_id uuid NOT NULL,
        secret_id uuid NOT NULL CONSTRAINT secret_uses_secret_fk REFERENCES secrets (id) ON DELETE CASCADE,
        run_id uuid NOT NULL CONSTRAINT secret_uses_run_fk REFERENCES runs (id) ON DELETE CASCADE,
        at timestamptz NOT NULL,
        CONSTRAINT secret_uses_pk PRIMARY KEY (step_attempt_id, secret_id)
      );
      CREATE INDEX secret_uses_secret ON secret_uses (secret_id);
      CREATE INDEX secret_uses_run ON secret_uses (run_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE secret_uses, secrets');
  }
}
