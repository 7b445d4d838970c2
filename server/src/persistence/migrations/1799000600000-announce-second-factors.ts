import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a second factor is demanded, what a credential is good for changes with it: all processes hear of it. */
export class AnnounceSecondFactors1799000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TRIGGER totp_factors_announce AFTER DELETE OR UPDATE OF confirmed_at ON totp_factors
       FOR EACH ROW EXECUTE FUNCTION announce_account_change()`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER totp_factors_announce ON totp_factors');
  }
}
