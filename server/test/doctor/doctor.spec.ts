import { mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { assertHealthy, runDoctor } from '../../src/doctor/doctor.js';
import { formatReport, type DoctorReport } from '../../src/doctor/report.js';
import { buildDataSource } from '../../src/persistence/data-source.js';
import { closeApiServer } from '../../src/startup/api-server.js';
import { createRun, next, publish, runUntil } from '../runs/run-steps.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';

const LONG_AGO = `now() - interval '5 minutes'`;
const DELIVERS = [
  'echo "# Result" > "$ORCHESTRATOR_ARTIFACTS/result.md"',
  `printf '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":1000,"output_tokens":1}}\\n' >> "$ORCHESTRATOR_OUTPUT"`,
].join('\n');
const WAITS = 'while :; do sleep 0.1; done';

/** What breaks one invariant and nothing else: `$done`, `$waiting` and `$queued` stand for the ids of the runs. */
const DAMAGES: readonly (readonly [string, string])[] = [
  ['stuck_run', `UPDATE steps SET status = 'pending' WHERE run_id = $waiting AND status = 'waiting'`],
  [
    'forgotten_evaluation',
    `UPDATE steps SET status = 'succeeded', completed_at = ${LONG_AGO} WHERE run_id = $waiting;
     UPDATE phase_attempts SET status = 'in_progress' WHERE run_id = $waiting;
     UPDATE run_phases SET status = 'in_progress' WHERE run_id = $waiting AND phase = 'review';
     UPDATE runs SET phase_states = jsonb_set(phase_states, '{0,status}', '"in_progress"') WHERE id = $waiting`,
  ],
  [
    'forgotten_step',
    `UPDATE step_attempts SET run_at = ${LONG_AGO} WHERE run_id = $queued;
     DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'run_step:%'`,
  ],
  ['unexplained_wait', `UPDATE runs SET waiting_kind = NULL WHERE id = $waiting`],
  [
    'lease_without_holder',
    `UPDATE steps SET status = 'running' WHERE run_id = $queued;
     UPDATE step_attempts SET status = 'running', worker_id = 'gone', lease_expires_at = ${LONG_AGO} WHERE run_id = $queued`,
  ],
  [
    'lease_without_holder',
    `UPDATE steps SET status = 'running', epoch = epoch + 1 WHERE run_id = $queued;
     UPDATE step_attempts SET status = 'running', worker_id = 'old', lease_expires_at = now() + interval '1 minute'
     WHERE run_id = $queued`,
  ],
  [
    'doubled_try',
    `INSERT INTO step_attempts (id, run_id, step_id, number, status, run_at)
     SELECT gen_random_uuid(), run_id, step_id, number + 1, 'queued', now() FROM step_attempts WHERE run_id = $queued`,
  ],
  [
    'doubled_result',
    `INSERT INTO run_events (run_id, seq, type, at, phase, step, attempt, data, tx)
     SELECT e.run_id, r.last_seq + 1, e.type, e.at, e.phase, e.step, e.attempt, e.data, e.tx
     FROM run_events e JOIN runs r ON r.id = e.run_id WHERE e.run_id = $done AND e.type = 'step.succeeded';
     UPDATE runs SET last_seq = last_seq + 1 WHERE id = $done`,
  ],
  [
    'doubled_number',
    `ALTER TABLE step_attempts DROP CONSTRAINT step_attempts_number;
     INSERT INTO step_attempts (id, run_id, step_id, number, status, run_at)
     SELECT gen_random_uuid(), run_id, step_id, number, 'lost', run_at FROM step_attempts WHERE run_id = $done`,
  ],
  [
    'two_active_phases',
    `INSERT INTO phase_attempts (id, run_id, phase, number, status, started_at)
     VALUES (gen_random_uuid(), $waiting, 'after', 1, 'in_progress', now());
     UPDATE run_phases SET status = 'in_progress', attempt = 1 WHERE run_id = $waiting AND phase = 'after';
     UPDATE runs SET phase_states = jsonb_set(phase_states, '{1,status}', '"in_progress"') WHERE id = $waiting`,
  ],
  ['work_after_end', `UPDATE steps SET status = 'waiting' WHERE run_id = $done`],
  ['event_gap', `DELETE FROM run_events WHERE run_id = $done AND seq = 2`],
  ['summary_of_phases', `UPDATE runs SET phases_done = phases_done + 1 WHERE id = $waiting`],
  [
    'summary_of_phases',
    `UPDATE runs SET phase_states = jsonb_set(phase_states, '{0,status}', '"failed"') WHERE id = $done`,
  ],
  ['phase_and_attempts', `UPDATE phase_attempts SET working_ms = working_ms + 1 WHERE run_id = $done`],
  ['phase_and_attempts', `UPDATE phase_attempts SET status = 'failed' WHERE run_id = $done`],
  ['summary_of_usage', `UPDATE runs SET cost_usd = cost_usd + 1 WHERE id = $done`],
  ['summary_of_usage', `DELETE FROM usage_ledger WHERE run_id = $done`],
  [
    'ledger_cost',
    `UPDATE usage_ledger SET cost_usd = cost_usd + 1 WHERE run_id = $done;
     UPDATE runs SET cost_usd = cost_usd + 1 WHERE id = $done`,
  ],
  ['ledger_place', `UPDATE usage_ledger SET step = 'elsewhere' WHERE run_id = $done`],
  ['ledger_place', `UPDATE usage_ledger SET project = 'another' WHERE run_id = $done`],
  [
    'call_and_ledger',
    `INSERT INTO model_calls (id, run_id, phase_attempt_id, owner_id, project, profile, phase, step, agent_id, provider,
       model, reserved_tokens, state, at)
     SELECT gen_random_uuid(), run_id, phase_attempt_id, owner_id, project, profile, phase, step, agent_id, provider, model,
       1, 'settled', at FROM usage_ledger WHERE run_id = $done`,
  ],
  ['summary_of_artifacts', `UPDATE run_phases SET artifacts_count = 7 WHERE run_id = $done`],
  [
    'artifact_without_content',
    `SET session_replication_role = replica;
     DELETE FROM blobs WHERE sha256 IN (SELECT sha256 FROM artifacts WHERE run_id = $done)`,
  ],
  ['verdict_of_unknown_attempt', `UPDATE gate_results SET phase = 'elsewhere' WHERE run_id = $done`],
  [
    'decision_on_other_content',
    `UPDATE gate_results SET evidence = jsonb_set(evidence, '{0,sha256}', '"other"') WHERE run_id = $done`,
  ],
  [
    'decision_on_other_content',
    `INSERT INTO approvals (id, run_id, step_id, user_id, role, decision, digests, at)
     SELECT gen_random_uuid(), r.id, s.id, r.owner_id, 'member', 'approved', jsonb_build_object(a.phase || '/' || a.path, 'other'), now()
     FROM runs r JOIN steps s ON s.run_id = r.id JOIN artifacts a ON a.run_id = r.id WHERE r.id = $done`,
  ],
];

describe('the doctor', () => {
  let app: TestApp;
  let folder: string;
  let copies = 0;
  const runs: Record<string, string> = {};

  const onServer = async (sql: string): Promise<void> => {
    const url = new URL(app.database.url);
    url.pathname = '/postgres';
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };

  /** Looks at a copy of the sample after it was damaged. */
  const examine = async (
    damage = '',
    look = (copy: DataSource) => runDoctor(copy),
  ): Promise<DoctorReport> => {
    const url = new URL(app.database.url);
    const sample = url.pathname.slice(1);
    copies += 1;
    const copy = `${sample}_${String(copies)}`;
    await onServer(`CREATE DATABASE ${copy} TEMPLATE ${sample}`);
    url.pathname = `/${copy}`;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client
      .query(damage.replaceAll(/\$(done|waiting|queued)/gu, (_, name: string) => `'${runs[name] ?? ''}'`))
      .finally(() => client.end());
    const dataSource = await buildDataSource(url.href, 2).initialize();
    return look(dataSource).finally(async () => {
      await dataSource.destroy();
      await onServer(`DROP DATABASE ${copy} WITH (FORCE)`);
    });
  };

  const namesOf = ({ checks }: DoctorReport): string[] =>
    checks.filter((check) => check.findings.length > 0).map((check) => check.name);

  beforeAll(async () => {
    app = await startTestApp({ limits: { ...QUICK, stepConcurrency: 1 } });
    folder = join(app.folder, 'data', 'artifacts');
    const step = { agent: 'worker', retry: { attempts: 1 } };
    const gates = [{ id: 'there', artifact: 'result.md' }];
    await publish(app.admin, 'delivers', [
      { name: 'do', steps: [{ id: 'do', ...step, command: DELIVERS }], gates },
    ]);
    await publish(app.admin, 'asks', [
      { name: 'review', steps: [{ id: 'ask', agent: 'lead', approval: { role: 'member' } }] },
      { name: 'after', steps: [{ id: 'do', ...step, command: 'true' }] },
    ]);
    await publish(app.admin, 'works', [{ name: 'do', steps: [{ id: 'do', ...step, command: WAITS }] }]);
    runs['done'] = await createRun(app.member, 'delivers', { auto_advance: true });
    await runUntil(app.member, runs['done'], (run) => run.status === 'completed');
    runs['waiting'] = await createRun(app.member, 'asks');
    await next(app.member, runs['waiting'], {}, { Prefer: 'respond-async' });
    runs['queued'] = await createRun(app.member, 'works', { auto_advance: true });
    await runUntil(app.member, runs['queued'], (run) => run.phases[0]?.steps[0]?.status === 'running');
    // Hands back what runs; from here on nothing moves.
    await closeApiServer(app.app);
    await app.database.dataSource.destroy();
  });

  afterAll(async () => {
    await app.database.drop();
    await rm(app.folder, { recursive: true });
  });

  it('finds nothing in runs that ended, wait and are queued', async () => {
    const report = await examine('', (copy) => runDoctor(copy, { artifactsFolder: folder }));
    expect(namesOf(report)).toEqual([]);
    expect(report).toMatchObject({ healthy: true, runs: 3 });
  });

  it.each(DAMAGES)('finds %s and nothing else where only that was broken', async (name, damage) => {
    const report = await examine(damage);
    expect(namesOf(report)).toEqual([name]);
    expect(report.healthy).toBe(false);
    const [finding] = report.checks.find((check) => check.name === name)?.findings ?? [];
    expect(Object.values(runs)).toContain(finding?.runId);
    expect(finding?.detail).not.toBe('');
  });

  it.each([
    ['spent', 'u.cost_usd - 1', '0'],
    ['reserved', 'u.cost_usd', '1'],
  ])('finds a budget that does not hold what was %s', async (_, spent, reserved) => {
    const budget = (cost: string, held: string): string =>
      `INSERT INTO budgets (id, kind, subject, period, max_tokens, created_at, updated_at)
       VALUES (gen_random_uuid(), 'month', '', 'month', 9, now(), now());
       INSERT INTO budget_usage (budget_id, period, cost_usd, tokens, reserved_usd)
       SELECT b.id, to_char(u.at AT TIME ZONE 'UTC', 'YYYY-MM'), ${cost}, u.input_tokens + u.output_tokens, ${held}
       FROM budgets b CROSS JOIN usage_ledger u`;
    expect(namesOf(await examine(budget('u.cost_usd', '0')))).toEqual([]);
    const report = await examine(budget(spent, reserved));
    expect(namesOf(report)).toEqual(['budget_sums']);
    expect(report.healthy).toBe(false);
  });

  it('calls a left over job something to tidy, not a broken promise', async () => {
    const report = await examine(
      `SELECT graphile_worker.add_job('run_step', '{}', job_key := 'run_step:' || id, run_at := ${LONG_AGO})
       FROM step_attempts WHERE run_id = $done`,
    );
    expect(namesOf(report)).toEqual(['job_of_finished_step']);
    expect(report.healthy).toBe(true);
  });

  it('finds a content whose file is gone, and a file that nobody knows', async () => {
    const [first = ''] = (await readdir(folder)).filter((name) => name.length === 2);
    const aside = join(app.folder, 'aside');
    await rename(join(folder, first), aside);
    const stray = join(folder, '00', '00', '0'.repeat(64));
    await mkdir(dirname(stray), { recursive: true });
    await writeFile(stray, 'nobody knows me');
    const twoHoursAgo = new Date(Date.now() - 2 * 3600_000);
    await utimes(stray, twoHoursAgo, twoHoursAgo);
    const report = await examine('', (copy) => runDoctor(copy, { artifactsFolder: folder }));
    await rename(aside, join(folder, first));
    await rm(stray);
    expect(namesOf(report)).toEqual(['content_without_file', 'file_without_content']);
    expect(report.healthy).toBe(false);
  });

  it('tells people in a table what is broken and where', async () => {
    const text = formatReport(await examine(`DELETE FROM run_events WHERE run_id = $done AND seq = 2`));
    expect(text).toMatch(/^event_gap +1 broken +The events of a run are numbered/mu);
    expect(text).toMatch(/^stuck_run +ok /mu);
    expect(text).toContain(`run ${runs['done'] ?? ''}: `);
    expect(text).toMatch(/3 runs checked: 1 promise broken$/u);
  });

  it('throws with every finding at the end of a test, and nothing where all is well', async () => {
    const asserted = async (copy: DataSource): Promise<DoctorReport> => {
      await assertHealthy(copy);
      return runDoctor(copy);
    };
    await expect(examine('', asserted)).resolves.toMatchObject({ healthy: true });
    await expect(examine(`UPDATE runs SET cost_usd = 9 WHERE id = $done`, asserted)).rejects.toThrow(
      /breaks its promises:\nsummary_of_usage: run .*9\.0+ USD/u,
    );
  });
});
