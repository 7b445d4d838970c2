import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs are shared with people and commented on. */
export class CreateSharing1795353000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE run_shares (
        id uuid CONSTRAINT run_shares_pk PRIMARY KEY,
        run_id uuid NOT NULL CONSTRAINT run_shares_run_fk REFERENCES runs (id) ON DELETE CASCADE,
        user_id uuid CONSTRAINT run_shares_user_fk REFERENCES users (id) ON DELETE CASCADE,
        role text NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE UNIQUE INDEX run_shares_whom
        ON run_shares (run_id, coalesce(user_id, '00000000-0000-0000-0000-000000000000'));
      CREATE INDEX run_shares_user ON run_shares (user_id);

      CREATE TABLE run_comments (
        id uuid CONSTRAINT run_comments_pk PRIMARY KEY,
        run_id uuid NOT NULL CONSTRAINT run_comments_run_fk REFERENCES runs (id) ON DELETE CASCADE,
        artifact_id uuid CONSTRAINT run_comments_artifact_fk REFERENCES artifacts (id) ON DELETE CASCADE,
        parent_id uuid CONSTRAINT run_comments_parent_fk REFERENCES run_comments (id) ON DELETE CASCADE,
        author_id uuid NOT NULL CONSTRAINT run_comments_author_fk REFERENCES users (id) ON DELETE CASCADE,
        body text NOT NULL,
        mentions uuid[] NOT NULL,
        created_at timestamptz NOT NULL,
        edited_at timestamptz,
        deleted_at timestamptz
      );
      CREATE INDEX run_comments_run ON run_comments (run_id, id);
      CREATE INDEX run_comments_artifact ON run_comments (artifact_id);
      CREATE INDEX run_comments_parent ON run_comments (parent_id);
      CREATE INDEX run_comments_author ON run_comments (author_id);
      CREATE INDEX run_comments_mentions ON run_comments USING gin (mentions);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE run_comments, run_shares');
  }
}
