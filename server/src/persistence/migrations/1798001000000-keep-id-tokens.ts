import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which a sign-in is named to the identity provider when it ends. */
export class KeepIdTokens1798001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN sealed_id_token text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN sealed_id_token');
  }
}
