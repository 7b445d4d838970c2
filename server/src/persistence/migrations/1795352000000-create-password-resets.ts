import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links by which somebody sets a new password. */
export class CreatePasswordResets1795352000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE password_resets (
        user_id uuid CONSTRAINT password_resets_pk PRIMARY KEY
          CONSTRAINT password_resets_user_fk REFERENCES users (id) ON DELETE CASCADE,
        token_hash bytea NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE UNIQUE INDEX password_resets_token ON password_resets (token_hash);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE password_resets');
  }
}
