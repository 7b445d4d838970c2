import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs with everything they leave: phases, attempts, steps, tries, verdicts, artifacts, logs, usage, events. */
export class CreateRuns1795341000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TYPE run_status AS ENUM('running', 'paused', 'completed', 'failed', 'cancelled');
      CREATE TYPE phase_status AS ENUM('pending', 'in_progress', 'awaiting_approval', 'completed', 'failed', 'skipped', 'cancelled');
      CREATE TYPE gate_status AS ENUM('passed', 'warned', 'blocked', 'waived');
      CREATE TYPE step_status AS ENUM('pending', 'queued', 'running', 'waiting', 'succeeded', 'failed', 'skipped', 'cancelled');
      CREATE TYPE try_status AS ENUM('queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost');
    `);
    await runner.query(`
      CREATE TABLE runs (
        id uuid NOT NULL,
        profile text NOT NULL,
        profile_version integer NOT NULL,
        project_name text NOT NULL,
        owner_id uuid NOT NULL,
        status run_status NOT NULL,
        current_phase text NOT NULL,
        auto_advance boolean NOT NULL,
        phases_total smallint NOT NULL,
        phases_done smallint NOT NULL DEFAULT 0,
        phase_states jsonb NOT NULL,
        waiting_kind text,
        waiting_since timestamptz,
        waiting_detail text,
        cost_usd numeric(20,10) NOT NULL DEFAULT 0,
        input_tokens bigint NOT NULL DEFAULT 0,
        output_tokens bigint NOT NULL DEFAULT 0,
        unpriced_calls integer NOT NULL DEFAULT 0,
        working_ms bigint NOT NULL DEFAULT 0,
        artifacts_count integer NOT NULL DEFAULT 0,
        waived_gates integer NOT NULL DEFAULT 0,
        budget_max_cost_usd numeric(20,10),
        budget_max_tokens bigint,
        failure jsonb,
        last_seq integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        completed_at timestamptz,
        archived_at timestamptz,
        CONSTRAINT runs_pk PRIMARY KEY (id)
      );

      CREATE TABLE phase_attempts (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        phase text NOT NULL,
        number integer NOT NULL,
        status phase_status NOT NULL,
        comment text,
        base_commit text,
        checkpoint text,
        started_at timestamptz NOT NULL,
        completed_at timestamptz,
        working_ms bigint,
        error jsonb,
        hygiene jsonb,
        waiver jsonb,
        epoch integer NOT NULL DEFAULT 0,
        lease_expires_at timestamptz,
        reopened_at timestamptz,
        superseded_at timestamptz,
        CONSTRAINT phase_attempts_number UNIQUE (run_id, phase, number),
        CONSTRAINT phase_attempts_pk PRIMARY KEY (id)
      );

      CREATE TABLE usage_ledger (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        phase_attempt_id uuid NOT NULL,
        phase text NOT NULL,
        step text NOT NULL,
        agent_id text NOT NULL,
        provider text NOT NULL,
        model text NOT NULL,
        input_tokens bigint NOT NULL,
        output_tokens bigint NOT NULL,
        cache_read_tokens bigint NOT NULL,
        cache_write_tokens bigint NOT NULL,
        price jsonb,
        cost_usd numeric(20,10),
        at timestamptz NOT NULL,
        CONSTRAINT usage_ledger_pk PRIMARY KEY (id)
      );

      CREATE TABLE blobs (
        sha256 text NOT NULL,
        size_bytes bigint NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT blobs_pk PRIMARY KEY (sha256)
      );

      CREATE TABLE artifacts (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        phase text NOT NULL,
        attempt integer NOT NULL,
        step text,
        agent_id text,
        path text NOT NULL,
        artifact_type text NOT NULL,
        media_type text NOT NULL,
        size_bytes bigint NOT NULL,
        sha256 text NOT NULL,
        version integer NOT NULL,
        description text,
        superseded boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL,
        CONSTRAINT artifacts_version UNIQUE (run_id, phase, path, version),
        CONSTRAINT artifacts_pk PRIMARY KEY (id)
      );

      CREATE TABLE workers (
        id text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        labels text array NOT NULL,
        version text,
        started_at timestamptz NOT NULL,
        heartbeat_at timestamptz NOT NULL,
        stopped_at timestamptz,
        CONSTRAINT workers_pk PRIMARY KEY (id)
      );

      CREATE TABLE gate_results (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        phase_attempt_id uuid NOT NULL,
        phase text NOT NULL,
        gate_id text NOT NULL,
        kind text NOT NULL,
        status gate_status NOT NULL,
        severity text NOT NULL,
        weight double precision NOT NULL,
        definition jsonb NOT NULL,
        profile_version integer NOT NULL,
        threshold text,
        actual text,
        message text NOT NULL,
        remedy text,
        evidence jsonb NOT NULL,
        evaluated_at timestamptz NOT NULL,
        voided_at timestamptz,
        waived_by jsonb,
        waived_reason text,
        waived_at timestamptz,
        waiver_expires_at timestamptz,
        CONSTRAINT gate_results_gate UNIQUE (phase_attempt_id, gate_id),
        CONSTRAINT gate_results_pk PRIMARY KEY (id)
      );

      CREATE TABLE measurements (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        run_id uuid NOT NULL,
        phase_attempt_id uuid NOT NULL,
        name text NOT NULL,
        value double precision NOT NULL,
        source text NOT NULL,
        sha256 text,
        step text,
        CONSTRAINT measurements_pk PRIMARY KEY (id)
      );

      CREATE TABLE steps (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        phase_attempt_id uuid NOT NULL,
        phase text NOT NULL,
        key text NOT NULL,
        position smallint NOT NULL,
        agent_id text NOT NULL,
        executor text NOT NULL,
        status step_status NOT NULL,
        labels text array NOT NULL DEFAULT '{}',
        tries integer NOT NULL DEFAULT 0,
        epoch integer NOT NULL DEFAULT 0,
        queued_at timestamptz,
        expires_at timestamptz,
        started_at timestamptz,
        completed_at timestamptz,
        commit text,
        summary text,
        warnings jsonb NOT NULL DEFAULT '[]',
        error jsonb,
        CONSTRAINT steps_key UNIQUE (phase_attempt_id, key),
        CONSTRAINT steps_pk PRIMARY KEY (id)
      );

      CREATE TABLE step_attempts (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        step_id uuid NOT NULL,
        number integer NOT NULL,
        status try_status NOT NULL,
        epoch integer NOT NULL DEFAULT 0,
        worker_id text,
        lease_expires_at timestamptz,
        run_at timestamptz NOT NULL,
        started_at timestamptz,
        completed_at timestamptz,
        error jsonb,
        CONSTRAINT step_attempts_number UNIQUE (step_id, number),
        CONSTRAINT step_attempts_pk PRIMARY KEY (id)
      );

      CREATE TABLE log_chunks (
        step_attempt_id uuid NOT NULL,
        first_line integer NOT NULL,
        line_count integer NOT NULL,
        text text NOT NULL,
        at timestamptz NOT NULL,
        run_id uuid NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        CONSTRAINT log_chunks_pk PRIMARY KEY (step_attempt_id, first_line)
      );

      CREATE TABLE approvals (
        id uuid NOT NULL,
        run_id uuid NOT NULL,
        step_id uuid NOT NULL,
        user_id uuid NOT NULL,
        role text NOT NULL,
        decision text NOT NULL,
        comment text,
        digests jsonb NOT NULL,
        at timestamptz NOT NULL,
        voided_at timestamptz,
        CONSTRAINT approvals_pk PRIMARY KEY (id)
      );

      CREATE TABLE run_events (
        run_id uuid NOT NULL,
        seq integer NOT NULL,
        type text NOT NULL,
        at timestamptz NOT NULL,
        actor jsonb,
        phase text,
        step text,
        attempt integer,
        data jsonb NOT NULL,
        global_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        tx bigint NOT NULL,
        CONSTRAINT run_events_pk PRIMARY KEY (run_id, seq)
      );

      CREATE TABLE run_inputs (
        run_id uuid NOT NULL,
        intake text,
        metadata jsonb NOT NULL,
        parameters jsonb NOT NULL,
        repository jsonb,
        template text,
        project_name text NOT NULL,
        search tsvector NOT NULL,
        CONSTRAINT run_inputs_pk PRIMARY KEY (run_id)
      );

      CREATE TABLE run_phases (
        run_id uuid NOT NULL,
        phase text NOT NULL,
        position smallint NOT NULL,
        status phase_status NOT NULL,
        attempt integer NOT NULL DEFAULT 0,
        started_at timestamptz,
        completed_at timestamptz,
        working_ms bigint NOT NULL DEFAULT 0,
        artifacts_count integer NOT NULL DEFAULT 0,
        error jsonb,
        checkpoint text,
        CONSTRAINT run_phases_position UNIQUE (run_id, position),
        CONSTRAINT run_phases_pk PRIMARY KEY (run_id, phase)
      );
    `);
    await runner.query(`
      ALTER TABLE runs ADD CONSTRAINT runs_owner_fk FOREIGN KEY (owner_id) REFERENCES users(id);
      ALTER TABLE phase_attempts ADD CONSTRAINT phase_attempts_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE usage_ledger ADD CONSTRAINT usage_ledger_attempt_fk FOREIGN KEY (phase_attempt_id) REFERENCES phase_attempts(id) ON DELETE CASCADE;
      ALTER TABLE artifacts ADD CONSTRAINT artifacts_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE artifacts ADD CONSTRAINT artifacts_blob_fk FOREIGN KEY (sha256) REFERENCES blobs(sha256);
      ALTER TABLE gate_results ADD CONSTRAINT gate_results_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE gate_results ADD CONSTRAINT gate_results_attempt_fk FOREIGN KEY (phase_attempt_id) REFERENCES phase_attempts(id) ON DELETE CASCADE;
      ALTER TABLE measurements ADD CONSTRAINT measurements_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE measurements ADD CONSTRAINT measurements_attempt_fk FOREIGN KEY (phase_attempt_id) REFERENCES phase_attempts(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
      ALTER TABLE steps ADD CONSTRAINT steps_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE steps ADD CONSTRAINT steps_attempt_fk FOREIGN KEY (phase_attempt_id) REFERENCES phase_attempts(id) ON DELETE CASCADE;
      ALTER TABLE step_attempts ADD CONSTRAINT step_attempts_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE step_attempts ADD CONSTRAINT step_attempts_step_fk FOREIGN KEY (step_id) REFERENCES steps(id) ON DELETE CASCADE;
      ALTER TABLE log_chunks ADD CONSTRAINT log_chunks_attempt_fk FOREIGN KEY (step_attempt_id) REFERENCES step_attempts(id) ON DELETE CASCADE;
      ALTER TABLE log_chunks ADD CONSTRAINT log_chunks_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE approvals ADD CONSTRAINT approvals_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE approvals ADD CONSTRAINT approvals_step_fk FOREIGN KEY (step_id) REFERENCES steps(id) ON DELETE CASCADE;
      ALTER TABLE approvals ADD CONSTRAINT approvals_user_fk FOREIGN KEY (user_id) REFERENCES users(id);
      ALTER TABLE run_events ADD CONSTRAINT run_events_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE run_inputs ADD CONSTRAINT run_inputs_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
      ALTER TABLE run_phases ADD CONSTRAINT run_phases_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE;
    `);
    await runner.query(`
      CREATE INDEX runs_created ON runs (created_at, id, status, profile, waiting_kind, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_updated ON runs (updated_at, id, status, profile, waiting_kind, created_at, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_project ON runs (project_name, id, status, profile, waiting_kind, created_at, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_cost ON runs (cost_usd, id, status, profile, waiting_kind, created_at) WHERE archived_at IS NULL;
      CREATE INDEX runs_duration ON runs (working_ms, id, status, profile, waiting_kind, created_at, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_owner_created ON runs (owner_id, created_at, id, status, profile, waiting_kind, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_owner_updated ON runs (owner_id, updated_at, id, status, profile, waiting_kind, created_at, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_owner_project ON runs (owner_id, project_name, id, status, profile, waiting_kind, created_at, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_owner_cost ON runs (owner_id, cost_usd, id, status, profile, waiting_kind, created_at) WHERE archived_at IS NULL;
      CREATE INDEX runs_owner_duration ON runs (owner_id, working_ms, id, status, profile, waiting_kind, created_at, cost_usd) WHERE archived_at IS NULL;
      CREATE INDEX runs_archived_created ON runs (created_at, id, owner_id, status, profile) WHERE archived_at IS NOT NULL;
      CREATE INDEX runs_archived_updated ON runs (updated_at, id, owner_id, status, profile) WHERE archived_at IS NOT NULL;
      CREATE INDEX runs_archived_project ON runs (project_name, id, owner_id, status, profile) WHERE archived_at IS NOT NULL;
      CREATE INDEX runs_archived_cost ON runs (cost_usd, id, owner_id, status, profile) WHERE archived_at IS NOT NULL;
      CREATE INDEX runs_archived_duration ON runs (working_ms, id, owner_id, status, profile) WHERE archived_at IS NOT NULL;
      CREATE INDEX runs_status_created ON runs (status, created_at, id, profile) WHERE archived_at IS NULL;
      CREATE INDEX runs_profile_created ON runs (profile, created_at, id, status) WHERE archived_at IS NULL;
      CREATE INDEX runs_waiting ON runs (waiting_kind, created_at, id) WHERE waiting_kind IS NOT NULL AND archived_at IS NULL;
      CREATE INDEX usage_ledger_run ON usage_ledger (run_id, at);
      CREATE INDEX artifacts_blob ON artifacts (sha256);
      CREATE INDEX workers_heartbeat ON workers (heartbeat_at);
      CREATE INDEX gate_results_run ON gate_results (run_id);
      CREATE INDEX measurements_run ON measurements (run_id);
      CREATE INDEX measurements_attempt ON measurements (phase_attempt_id);
      CREATE INDEX steps_expiry ON steps (expires_at) WHERE status = 'waiting' AND expires_at IS NOT NULL;
      CREATE INDEX steps_waiting ON steps (executor, queued_at) WHERE status = 'waiting';
      CREATE INDEX steps_run ON steps (run_id);
      CREATE INDEX step_attempts_due ON step_attempts (run_at) WHERE status = 'queued';
      CREATE INDEX step_attempts_lease ON step_attempts (lease_expires_at) WHERE status = 'running';
      CREATE INDEX step_attempts_run ON step_attempts (run_id);
      CREATE UNIQUE INDEX log_chunks_run ON log_chunks (run_id, seq);
      CREATE INDEX approvals_run ON approvals (run_id);
      CREATE UNIQUE INDEX approvals_step_user ON approvals (step_id, user_id) WHERE voided_at IS NULL;
      CREATE UNIQUE INDEX run_events_global ON run_events (global_id);
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE FUNCTION run_search(project_name text, intake text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
        to_tsvector('simple'::regconfig, left(project_name || ' ' || coalesce(intake, ''), 200000))
        || array_to_tsvector(ARRAY(
          SELECT DISTINCT E'\\x01' || substr(lower(project_name), first, size)
          FROM generate_series(1, length(project_name)) first, generate_series(1, 2) size
        ));
      CREATE INDEX run_inputs_project ON run_inputs USING gin (project_name gin_trgm_ops);
      CREATE INDEX run_inputs_short_id ON run_inputs (right(run_id::text, 8));
      CREATE INDEX run_inputs_metadata ON run_inputs USING gin (metadata jsonb_path_ops);
      CREATE INDEX run_inputs_search ON run_inputs USING gin (search);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE approvals, artifacts, blobs, gate_results, log_chunks, measurements, phase_attempts, run_events, run_inputs, run_phases, runs, step_attempts, steps, usage_ledger, workers CASCADE;
      DROP FUNCTION run_search;
      DROP TYPE run_status, phase_status, gate_status, step_status, try_status;
    `);
  }
}
