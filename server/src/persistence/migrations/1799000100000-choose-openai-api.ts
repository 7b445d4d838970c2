import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Providers of kind `openai` may say which API they are called over. */
export class ChooseOpenAiApi1799000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE providers ADD COLUMN api text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE providers DROP COLUMN api');
  }
}
