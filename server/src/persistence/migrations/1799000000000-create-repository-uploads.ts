import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Repositories that were uploaded for runs. */
export class CreateRepositoryUploads1799000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE repository_uploads (
        id uuid CONSTRAINT repository_uploads_pk PRIMARY KEY,
        owner_id uuid NOT NULL CONSTRAINT repository_uploads_owner_fk REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        sha256 text NOT NULL,
        size_bytes bigint NOT NULL,
        commit text NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX repository_uploads_created ON repository_uploads (created_at);
      CREATE INDEX repository_uploads_content ON repository_uploads (sha256);
      CREATE INDEX run_inputs_upload ON run_inputs ((repository->>'upload'))
        WHERE repository->>'upload' IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX run_inputs_upload; DROP TABLE repository_uploads');
  }
}
