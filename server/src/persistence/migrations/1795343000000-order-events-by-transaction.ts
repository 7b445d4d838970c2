import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Readers of all runs' events go by transaction, then id: transactions take their ids in another order than they
 * commit, and only in this one can nothing appear behind a reader who stays below the oldest that is open.
 */
export class OrderEventsByTransaction1795343000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX run_events_global;
      CREATE UNIQUE INDEX run_events_global ON run_events (tx, global_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX run_events_global;
      CREATE UNIQUE INDEX run_events_global ON run_events (global_id);
    `);
  }
}
