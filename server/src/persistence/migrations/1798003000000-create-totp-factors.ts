import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors of local accounts. */
export class CreateTotpFactors1798003000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE totp_factors (
        user_id uuid CONSTRAINT totp_factors_pk PRIMARY KEY
          CONSTRAINT totp_factors_user_fk REFERENCES users (id) ON DELETE CASCADE,
        sealed_secret text NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        last_step integer NOT NULL,
        recovery_hashes bytea[] NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE totp_factors');
  }
}
