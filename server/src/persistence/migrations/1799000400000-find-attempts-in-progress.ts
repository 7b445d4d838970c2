import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The few attempts that the sweep looks at, among all that ever were. */
export class FindAttemptsInProgress1799000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX phase_attempts_in_progress ON phase_attempts (run_id) WHERE status = 'in_progress'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX phase_attempts_in_progress');
  }
}
