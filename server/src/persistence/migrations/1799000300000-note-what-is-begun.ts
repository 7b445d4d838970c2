import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that may change something, until their entry in the audit list is written. */
export class NoteWhatIsBegun1799000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_intents (
        id uuid CONSTRAINT audit_intents_pk PRIMARY KEY,
        at timestamptz NOT NULL,
        fact jsonb NOT NULL
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_intents');
  }
}
