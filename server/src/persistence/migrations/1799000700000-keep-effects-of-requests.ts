import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a request with an `Idempotency-Key` has done is kept with the key, in the transaction that does it. */
export class KeepEffectsOfRequests1799000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE idempotency_keys ADD COLUMN effects jsonb NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_keys DROP COLUMN effects');
  }
}
