import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Profiles and their immutable versions. */
export class CreateProfiles1795342000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE profiles (
        id uuid NOT NULL,
        name text NOT NULL,
        latest_version integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT profiles_pk PRIMARY KEY (id)
      );
      CREATE UNIQUE INDEX profiles_name ON profiles (name);

      CREATE TABLE profile_versions (
        id uuid NOT NULL,
        profile_id uuid NOT NULL,
        name text NOT NULL,
        version integer NOT NULL,
        definition json NOT NULL,
        source text NOT NULL,
        format text NOT NULL,
        digest text NOT NULL,
        origin text NOT NULL,
        published_by uuid,
        published_at timestamptz NOT NULL,
        CONSTRAINT profile_versions_pk PRIMARY KEY (id),
        CONSTRAINT profile_versions_profile_fk FOREIGN KEY (profile_id) REFERENCES profiles (id) ON DELETE CASCADE
      );
      CREATE UNIQUE INDEX profile_versions_name_version ON profile_versions (name, version);
      CREATE INDEX profile_versions_profile ON profile_versions (profile_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE profile_versions, profiles;');
  }
}
