import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Programs that wait until somebody lets them sign in. */
export class CreateDeviceLogins1798002000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE device_logins (
        user_code text CONSTRAINT device_logins_pk PRIMARY KEY,
        device_code_hash bytea NOT NULL,
        client_name text NOT NULL,
        address text,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        polled_at timestamptz,
        user_id uuid CONSTRAINT device_logins_user_fk REFERENCES users (id) ON DELETE CASCADE,
        approved boolean
      );
      CREATE UNIQUE INDEX device_logins_device_code ON device_logins (device_code_hash);
      CREATE INDEX device_logins_expiry ON device_logins (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE device_logins');
  }
}
