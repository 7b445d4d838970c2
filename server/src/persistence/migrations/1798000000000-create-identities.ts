import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who somebody is for an identity provider. */
export class CreateIdentities1798000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE identities (
        issuer text NOT NULL,
        subject text NOT NULL,
        user_id uuid NOT NULL CONSTRAINT identities_user_fk REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        CONSTRAINT identities_pk PRIMARY KEY (issuer, subject)
      );
      CREATE UNIQUE INDEX identities_user ON identities (user_id, issuer);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identities');
  }
}
