import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A list of what was done that can only grow. */
export class CreateAudit1795353500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_entries (
        seq bigint CONSTRAINT audit_entries_pk PRIMARY KEY,
        at timestamptz NOT NULL,
        actor_id uuid,
        actor_name text,
        via text,
        action text NOT NULL,
        target text NOT NULL,
        status integer,
        address text,
        user_agent text,
        hash bytea NOT NULL
      );
      CREATE INDEX audit_entries_actor ON audit_entries (actor_id, seq);
      CREATE FUNCTION keep_audit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'audit entries are not changed'; END $$;
      CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_entries();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entries');
    await runner.query('DROP FUNCTION keep_audit_entries');
  }
}
