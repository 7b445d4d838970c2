import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, their sign-ins and keys, and what guards the requests they make. */
export class CreateAccounts1795340000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TYPE user_role AS ENUM ('admin', 'member', 'viewer');

      CREATE TABLE users (
        id uuid CONSTRAINT users_pk PRIMARY KEY,
        email text NOT NULL,
        name text NOT NULL,
        role user_role NOT NULL,
        password_hash text,
        external_id text,
        disabled_at timestamptz,
        created_at timestamptz NOT NULL,
        CONSTRAINT users_email_lower CHECK (email = lower(email))
      );
      CREATE UNIQUE INDEX users_email ON users (email);
      CREATE UNIQUE INDEX users_external_id ON users (external_id);

      CREATE TABLE sessions (
        id uuid CONSTRAINT sessions_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user_fk REFERENCES users (id) ON DELETE CASCADE,
        generation integer NOT NULL,
        created_at timestamptz NOT NULL,
        rotated_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        user_agent text,
        address text
      );
      CREATE INDEX sessions_user ON sessions (user_id, created_at);
      CREATE INDEX sessions_expiry ON sessions (expires_at);

      CREATE TABLE api_keys (
        id uuid CONSTRAINT api_keys_pk PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT api_keys_user_fk REFERENCES users (id) ON DELETE CASCADE,
        name text NOT NULL,
        prefix text NOT NULL,
        key_hash bytea NOT NULL,
        scopes text[],
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz
      );
      CREATE UNIQUE INDEX api_keys_hash ON api_keys (key_hash);
      CREATE INDEX api_keys_user ON api_keys (user_id, created_at);
    `);
    await runner.query(REQUEST_RULES);
    await runner.query(CHANGES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE idempotency_keys, rate_windows, login_attempts, setup_tokens, api_keys, sessions, users;
      DROP FUNCTION announce_account_change;
      DROP TYPE user_role;
    `);
  }
}

const REQUEST_RULES = `
  CREATE TABLE setup_tokens (
    id smallint CONSTRAINT setup_tokens_pk PRIMARY KEY,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT setup_tokens_single CHECK (id = 1)
  );

  CREATE TABLE login_attempts (
    key text CONSTRAINT login_attempts_pk PRIMARY KEY,
    failures integer NOT NULL,
    last_attempt_at timestamptz NOT NULL
  );
  CREATE INDEX login_attempts_age ON login_attempts (last_attempt_at);

  CREATE UNLOGGED TABLE rate_windows (
    key text NOT NULL,
    minute integer NOT NULL,
    used integer NOT NULL,
    CONSTRAINT rate_windows_pk PRIMARY KEY (key, minute)
  );
  CREATE INDEX rate_windows_minute ON rate_windows (minute);

  CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL CONSTRAINT idempotency_keys_user_fk REFERENCES users (id) ON DELETE CASCADE,
    key text NOT NULL,
    request_digest bytea NOT NULL,
    execution uuid NOT NULL,
    created_at timestamptz NOT NULL,
    locked_until timestamptz NOT NULL,
    status smallint,
    headers jsonb,
    body bytea,
    CONSTRAINT idempotency_keys_pk PRIMARY KEY (user_id, key)
  );
  CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
`;

/** Every process that remembers who a credential belongs to hears here that it must forget. */
const CHANGES = `
  CREATE FUNCTION announce_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('account_changes', CASE TG_TABLE_NAME WHEN 'users' THEN to_jsonb(OLD)->>'id'
      ELSE to_jsonb(OLD)->>'user_id' END);
    RETURN NULL;
  END $$;

  CREATE TRIGGER users_announce AFTER DELETE OR UPDATE OF email, name, role, external_id, disabled_at ON users
    FOR EACH ROW EXECUTE FUNCTION announce_account_change();
  CREATE TRIGGER sessions_announce AFTER DELETE OR UPDATE OF revoked_at ON sessions
    FOR EACH ROW EXECUTE FUNCTION announce_account_change();
  CREATE TRIGGER api_keys_announce AFTER DELETE OR UPDATE OF revoked_at, scopes, expires_at ON api_keys
    FOR EACH ROW EXECUTE FUNCTION announce_account_change();
`;
