import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { commands, createRun, next, publish } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

const COPIES = 4000;

/** Ids by which the rows of a run are told apart: texts that are made anew, and numbers that are moved on. */
const KEYS: Readonly<Record<string, { readonly uuids: readonly string[]; readonly numbers?: string }>> = {
  runs: { uuids: ['id'] },
  run_inputs: { uuids: ['run_id'] },
  run_phases: { uuids: ['run_id'] },
  phase_attempts: { uuids: ['id', 'run_id'] },
  steps: { uuids: ['id', 'run_id', 'phase_attempt_id'] },
  step_attempts: { uuids: ['id', 'run_id', 'step_id'] },
  artifacts: { uuids: ['id', 'run_id'] },
  gate_results: { uuids: ['id', 'run_id', 'phase_attempt_id'] },
  usage_ledger: { uuids: ['id', 'run_id', 'phase_attempt_id'] },
  run_events: { uuids: ['run_id'], numbers: 'global_id' },
  measurements: { uuids: ['run_id', 'phase_attempt_id'], numbers: 'id' },
  log_chunks: { uuids: ['run_id', 'step_attempt_id'], numbers: 'seq' },
};

describe('reading one of many runs', () => {
  let api: TestApp;
  let client: Client;
  let runId: string;

  beforeAll(async () => {
    api = await startTestApp();
    const line = `echo hello; echo words > "$ORCHESTRATOR_ARTIFACTS/notes.md"
      echo '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":1000,"output_tokens":10}}' >> "$ORCHESTRATOR_OUTPUT"
      echo '{"metric":{"name":"coverage.lines","value":0.81}}' >> "$ORCHESTRATOR_OUTPUT"`;
    const [plan] = commands({ plan: line });
    const gate = { id: 'covered', metric: 'coverage.lines', min: 0.5 };
    await publish(api.admin, 'measured', plan === undefined ? [] : [{ ...plan, gates: [gate] }]);
    runId = await createRun(api.admin, 'measured', { intake: 'words' });
    expect((await next(api.admin, runId)).status).toBe(200);
    client = await connect();
    // What it scans for the copies is counted when it ends.
    await copyRun(client);
    await client.end();
    client = await connect();
  }, 300_000);

  afterAll(async () => {
    await client.end();
    await api.stop();
  });

  async function connect(): Promise<Client> {
    const connected = new Client({ connectionString: api.database.url });
    await connected.connect();
    return connected;
  }

  /** Thousands of runs with everything that this one left. */
  async function copyRun(writer: Client): Promise<void> {
    await writer.query('SET session_replication_role = replica');
    for (const [table, { uuids, numbers }] of Object.entries(KEYS)) {
      const changes = [
        ...uuids.map((column) => `'${column}', md5(r.${column}::text || n)::uuid`),
        ...(numbers === undefined ? [] : [`'${numbers}', r.${numbers} + n * 100000`]),
      ];
      const { rowCount } = await writer.query(
        `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
         SELECT (jsonb_populate_record(r, jsonb_build_object(${changes.join(', ')}))).*
         FROM ${table} r, generate_series(1, ${String(COPIES)}) n`,
      );
      expect({ table, enough: (rowCount ?? 0) >= COPIES }).toEqual({ table, enough: true });
      await writer.query(`VACUUM ANALYZE ${table}`);
    }
  }

  /** A session counts what it scanned at its end. */
  async function endSessions(): Promise<void> {
    const others = `FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    const { rows } = await client.query<{ pid: number }>(`SELECT pid, pg_terminate_backend(pid) ${others}`);
    const ended = rows.map(({ pid }) => pid);
    await eventually(
      async () => (await client.query(`SELECT ${others} AND pid = ANY($1)`, [ended])).rowCount,
      (left) => left === 0,
    );
  }

  it.each(['', '/artifacts', '/artifacts.zip', '/metrics', '/events', '/logs?phase=plan&step=do'])(
    'scans no table for GET /runs/{id}%s',
    async (path) => {
      await endSessions();
      await client.query('SELECT pg_stat_reset()');
      const answer = await api.admin.raw(`/runs/${runId}${path}`);
      await answer.arrayBuffer();
      expect(answer.status).toBe(200);
      await endSessions();
      const { rows } = await client.query<{ table: string; reads: string }>(
        `SELECT relname AS table, seq_scan, idx_scan FROM pg_stat_user_tables
         WHERE relname = ANY($1) AND seq_scan > 0`,
        [Object.keys(KEYS)],
      );
      expect(rows).toEqual([]);
      const used = await client.query(
        `SELECT FROM pg_stat_user_tables WHERE relname = 'runs' AND idx_scan > 0`,
      );
      expect(used.rowCount).toBe(1);
    },
  );
});
