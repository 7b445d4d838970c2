import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest steps that budgets stopped, for their list. */
export class ListWhatBudgetsStopped1799000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX budget_stops_last ON budget_stops (last_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX budget_stops_last');
  }
}
