import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which session of the identity provider a sign-in was made in, so that it ends with it. */
export class KnowSessionsOfTheProvider1799000301000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD provider_session_id text');
    await runner.query(
      'CREATE INDEX sessions_provider ON sessions (provider_session_id) WHERE provider_session_id IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX sessions_provider');
    await runner.query('ALTER TABLE sessions DROP provider_session_id');
  }
}
