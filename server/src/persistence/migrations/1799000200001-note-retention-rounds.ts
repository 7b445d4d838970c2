import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the last round of the retention removed: one row. */
export class NoteRetentionRounds1799000200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE retention_rounds (
        id smallint CONSTRAINT retention_rounds_pk PRIMARY KEY,
        started_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        archived integer NOT NULL,
        erased integer NOT NULL,
        uploads integer NOT NULL,
        contents integer NOT NULL,
        deliveries integer NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE retention_rounds');
  }
}
