import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts of programs, beside those of people. */
export class TellPeopleFromServiceAccounts1798004000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TYPE user_kind AS ENUM ('person', 'service');
      ALTER TABLE users ADD COLUMN kind user_kind NOT NULL DEFAULT 'person';
      ALTER TABLE users ADD CONSTRAINT users_service_no_password CHECK (kind = 'person' OR password_hash IS NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP COLUMN kind;
      DROP TYPE user_kind;
    `);
  }
}
