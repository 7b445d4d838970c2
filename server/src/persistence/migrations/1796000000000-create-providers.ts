import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Model providers with sealed keys, and why the next model call of a running step has to wait. */
export class CreateProviders1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE providers (
        id uuid CONSTRAINT providers_pk PRIMARY KEY,
        kind text NOT NULL,
        name text NOT NULL,
        base_url text,
        region text,
        sealed_key text,
        default_model text,
        agent_models jsonb NOT NULL DEFAULT '{}',
        priority smallint NOT NULL DEFAULT 0,
        enabled boolean NOT NULL DEFAULT true,
        owner_id uuid CONSTRAINT providers_owner_fk REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE UNIQUE INDEX providers_name ON providers (coalesce(owner_id::text, ''), name);
      CREATE INDEX providers_owner ON providers (owner_id);

      ALTER TABLE steps ADD COLUMN budget_hold text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE steps DROP COLUMN budget_hold; DROP TABLE providers');
  }
}
