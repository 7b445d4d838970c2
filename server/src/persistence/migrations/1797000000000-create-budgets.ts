import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Shared budgets, what they hold, and reservations of model calls. The ledger stands for itself from now on: what was
 * spent stays counted when its run is erased.
 */
export class CreateBudgets1797000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LEDGER);
    await runner.query(BUDGETS);
    await runner.query(CALLS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE model_prices, budget_stops, model_calls, budget_usage, budgets');
    await runner.query(`
      DROP INDEX usage_ledger_at, usage_ledger_attempt, usage_ledger_unpriced;
      DELETE FROM usage_ledger u WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = u.run_id);
      ALTER TABLE usage_ledger DROP COLUMN owner_id, DROP COLUMN project, DROP COLUMN profile,
        ADD CONSTRAINT usage_ledger_run_fk FOREIGN KEY (run_id) REFERENCES runs(id) ON DELETE CASCADE,
        ADD CONSTRAINT usage_ledger_attempt_fk FOREIGN KEY (phase_attempt_id) REFERENCES phase_attempts(id) ON DELETE CASCADE`);
  }
}

const LEDGER = `
  ALTER TABLE usage_ledger DROP CONSTRAINT usage_ledger_run_fk, DROP CONSTRAINT usage_ledger_attempt_fk,
    ADD COLUMN owner_id uuid, ADD COLUMN project text, ADD COLUMN profile text;
  UPDATE usage_ledger u SET owner_id = r.owner_id, project = r.project_name, profile = r.profile
    FROM runs r WHERE r.id = u.run_id;
  ALTER TABLE usage_ledger ALTER COLUMN owner_id SET NOT NULL, ALTER COLUMN project SET NOT NULL,
    ALTER COLUMN profile SET NOT NULL;
  CREATE INDEX usage_ledger_at ON usage_ledger (at, owner_id);
  CREATE INDEX usage_ledger_unpriced ON usage_ledger (at) WHERE cost_usd IS NULL;
  CREATE INDEX usage_ledger_attempt ON usage_ledger (phase_attempt_id);`;

const BUDGETS = `
  CREATE TABLE budgets (
    id uuid CONSTRAINT budgets_pk PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    period text NOT NULL,
    max_cost_usd numeric(20,10),
    max_tokens bigint,
    created_at timestamptz NOT NULL,
    created_by uuid CONSTRAINT budgets_created_by_fk REFERENCES users (id) ON DELETE SET NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid CONSTRAINT budgets_updated_by_fk REFERENCES users (id) ON DELETE SET NULL
  );
  CREATE UNIQUE INDEX budgets_scope ON budgets (kind, subject, period);

  CREATE TABLE budget_usage (
    budget_id uuid NOT NULL CONSTRAINT budget_usage_budget_fk REFERENCES budgets (id) ON DELETE CASCADE,
    period text NOT NULL,
    cost_usd numeric(20,10) NOT NULL DEFAULT 0,
    tokens bigint NOT NULL DEFAULT 0,
    reserved_usd numeric(20,10) NOT NULL DEFAULT 0,
    reserved_tokens bigint NOT NULL DEFAULT 0,
    CONSTRAINT budget_usage_pk PRIMARY KEY (budget_id, period)
  );`;

const CALLS = `
  CREATE TABLE model_calls (
    id uuid CONSTRAINT model_calls_pk PRIMARY KEY,
    run_id uuid NOT NULL,
    phase_attempt_id uuid NOT NULL,
    step_attempt_id uuid,
    epoch integer,
    owner_id uuid NOT NULL,
    project text NOT NULL,
    profile text NOT NULL,
    phase text NOT NULL,
    step text NOT NULL,
    agent_id text NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    price jsonb,
    reserved_tokens bigint NOT NULL,
    reserved_usd numeric(20,10),
    state text NOT NULL,
    at timestamptz NOT NULL,
    ended_at timestamptz
  );
  CREATE INDEX model_calls_run ON model_calls (run_id, state);
  CREATE INDEX model_calls_open ON model_calls (state, at) WHERE state IN ('reserved', 'unknown');

  CREATE TABLE budget_stops (
    run_id uuid NOT NULL CONSTRAINT budget_stops_run_fk REFERENCES runs (id) ON DELETE CASCADE,
    phase_attempt_id uuid NOT NULL,
    step text NOT NULL,
    budget text NOT NULL,
    phase text NOT NULL,
    message text NOT NULL,
    times integer NOT NULL DEFAULT 1,
    at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT budget_stops_pk PRIMARY KEY (run_id, phase_attempt_id, step, budget)
  );
  CREATE INDEX budget_stops_budget ON budget_stops (budget, at);

  CREATE TABLE model_prices (
    provider text NOT NULL,
    model text NOT NULL,
    price jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    updated_by uuid CONSTRAINT model_prices_updated_by_fk REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT model_prices_pk PRIMARY KEY (provider, model)
  );`;
