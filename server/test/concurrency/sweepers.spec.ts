import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { Sweep } from '../../src/execution/sweep.js';
import { createRun, detail, next, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

const RUNS = 5;
const SWEEPERS = 6;

describe('sweepers that look at the same moment', () => {
  let api: TestApp;
  let sweep: Sweep;

  beforeAll(async () => {
    // Its own rounds would come long after the test.
    api = await startTestApp({ limits: { leaseMs: 2000, heartbeatMs: 1000, sweepMs: 3_600_000 } });
    sweep = api.app.get(Sweep, { strict: false });
    const retry = { attempts: 3 };
    await publish(api.admin, 'claimed', [{ name: 'only', steps: [{ id: 'do', worker: {}, retry }] }]);
    await publish(api.admin, 'asked', [
      {
        name: 'only',
        steps: [
          { id: 'do', worker: { claim_timeout: '1s' } },
          { id: 'other', worker: {} },
        ],
      },
    ]);
  });

  afterAll(() => api.stop());

  const start = async (profile: string): Promise<string> => {
    const runId = await createRun(api.member, profile);
    await next(api.member, runId, {}, { Prefer: 'respond-async' });
    return runId;
  };
  const count = async (type: string, runIds: readonly string[]): Promise<number[]> => {
    const rows = await api.database.dataSource.query<{ n: number }[]>(
      `SELECT (SELECT count(*)::int FROM run_events WHERE run_id = r AND type = $1) AS n FROM unnest($2::uuid[]) r`,
      [type, runIds],
    );
    return rows.map(({ n }) => n);
  };
  const isDue = (sql: string, runIds: readonly string[]) =>
    eventually(
      () => api.database.dataSource.query<unknown[]>(sql, [runIds]),
      (rows) => rows.length === runIds.length,
    );
  const all = async (): Promise<void> => {
    await Promise.all(Array.from({ length: SWEEPERS }, () => sweep.round()));
  };

  it('find a lost step once: one try more, and the one that was lost is over', async () => {
    const runs = await Promise.all(Array.from({ length: RUNS }, () => start('claimed')));
    const silent = { name: 'silent', wait_seconds: 0 };
    await Promise.all(runs.map(() => api.admin.post('/worker/claim', silent)));
    await isDue(
      `SELECT FROM step_attempts WHERE run_id = ANY($1) AND status = 'running' AND lease_expires_at < now()`,
      runs,
    );
    await all();
    expect(await count('step.retrying', runs)).toEqual(runs.map(() => 1));
    for (const runId of runs) {
      const [step] = phaseOf(await detail(api.member, runId), 'only').steps;
      expect(step).toMatchObject({ status: 'waiting', tries: 2 });
    }
    await assertHealthy(api.database.dataSource);
  });

  it('fail a step once that nobody claimed in time', async () => {
    const runs = await Promise.all(Array.from({ length: RUNS }, () => start('asked')));
    await isDue(
      `SELECT FROM steps WHERE run_id = ANY($1) AND status = 'waiting' AND expires_at < now()`,
      runs,
    );
    await all();
    expect(await count('run.failed', runs)).toEqual(runs.map(() => 1));
    const [first = ''] = runs;
    const failed = await runUntil(api.member, first, ({ status }) => status === 'failed');
    expect(failed.failure).toMatchObject({ code: 'claim_timeout', step: 'do' });
    await assertHealthy(api.database.dataSource);
  });
});
