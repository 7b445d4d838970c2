import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs have a priority, and a step says which limit left it no place. */
export class OrderAndLimitSteps1795351000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs ADD COLUMN priority smallint NOT NULL DEFAULT 0');
    await runner.query('ALTER TABLE steps ADD COLUMN held_by text');
    // Published definitions are kept with every default filled in, and in the order in which they were written.
    await runner.query(
      `UPDATE profile_versions
       SET definition = ('{"concurrency":null,"priority":0,' || substr(ltrim(definition::text), 2))::json`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE steps DROP COLUMN held_by');
    await runner.query('ALTER TABLE runs DROP COLUMN priority');
  }
}
