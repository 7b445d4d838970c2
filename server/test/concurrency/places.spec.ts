import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { assertHealthy } from '../../src/doctor/doctor.js';
import type { ClaimAnswerDto } from '../../src/execution/remote/worker-answers.dto.js';
import { createRun, detail, next, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

/** Waits until the test lets it go on. */
const GATED = 'until [ -e "$GATE" ]; do sleep 0.05; done';

describe('limits on steps that execute at once', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp({
      limits: { stepConcurrency: 8, leaseMs: 6000, heartbeatMs: 500, sweepMs: 250 },
      config: { labelLimits: new Map([['gpu', 2]]) },
    });
    const gated = (name: string) => [
      { name: 'only', steps: [{ id: 'do', command: GATED, env: { GATE: `${api.folder}/${name}` } }] },
    ];
    await publish(api.admin, 'narrow', gated('narrow'), { concurrency: 2 });
    await publish(api.admin, 'single', gated('single'), { concurrency: 1 });
    await publish(api.admin, 'labelled', [
      { name: 'only', steps: [{ id: 'train', worker: { labels: ['gpu'] } }] },
    ]);
    await publish(api.admin, 'unlabelled', [{ name: 'only', steps: [{ id: 'read', worker: {} }] }]);
  });
  afterAll(() => api.stop());

  const start = async (profile: string, more: object = {}): Promise<string> => {
    const id = await createRun(api.member, profile, more);
    await next(api.member, id, {}, { Prefer: 'respond-async' });
    return id;
  };
  const running = async (): Promise<number> => {
    const [row] = await api.database.dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM step_attempts WHERE status = 'running'`,
    );
    return row?.n ?? 0;
  };
  const claim = async (labels: readonly string[]): Promise<ClaimAnswerDto | null> => {
    const { status, body } = await api.member.post<ClaimAnswerDto>('/worker/claim', {
      name: 'w',
      labels,
      wait_seconds: 0,
    });
    return status === 204 ? null : body;
  };
  const complete = async ({ step, lease }: ClaimAnswerDto): Promise<void> => {
    const { status } = await api.member.post(`/worker/steps/${step.id}/complete`, {
      lease_token: lease.token,
    });
    expect(status).toBe(204);
  };

  it('keep a profile to its concurrency, say so in waiting_on, and start the next when one ends', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => start('narrow')));
    const states = await eventually(
      () => Promise.all(runs.map((id) => detail(api.member, id))),
      (all) => all.filter(({ waiting_on: waiting }) => waiting?.kind === 'worker').length === 4,
    );
    const held = states.filter(({ waiting_on: waiting }) => waiting?.kind === 'worker');
    expect(held[0]?.waiting_on).toEqual({
      kind: 'worker',
      since: expect.any(String),
      detail:
        'All 2 places of profile narrow are taken by other steps; step do starts when one of them ends.',
    });
    expect(await running()).toBe(2);
    await api.database.dataSource.query(
      `CREATE TABLE seen_at_once (n integer);
       CREATE FUNCTION see_at_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO seen_at_once SELECT count(*) FROM step_attempts WHERE status = 'running'; RETURN NULL; END $$;
       CREATE TRIGGER see_at_once AFTER UPDATE ON step_attempts FOR EACH STATEMENT EXECUTE FUNCTION see_at_once()`,
    );
    await writeFile(`${api.folder}/narrow`, '');
    await Promise.all(runs.map((id) => runUntil(api.member, id, ({ status }) => status === 'completed')));
    const [seen] = await api.database.dataSource.query<{ most: number }[]>(
      'SELECT max(n) AS most FROM seen_at_once',
    );
    expect(seen?.most).toBe(2);
    await api.database.dataSource.query('DROP TRIGGER see_at_once ON step_attempts');
    await assertHealthy(api.database.dataSource);
  });

  it('start steps of a higher priority first', async () => {
    const order = async (ids: readonly string[]): Promise<number[]> => {
      const rows = await api.database.dataSource.query<{ run_id: string }[]>(
        `SELECT run_id FROM run_events WHERE type = 'step.started' AND run_id = ANY($1::uuid[]) ORDER BY at`,
        [ids],
      );
      return rows.map(({ run_id: id }) => ids.indexOf(id));
    };
    const first = await start('single');
    await runUntil(
      api.member,
      first,
      ({ waiting_on: waiting }) => waiting?.detail.startsWith('Executing') === true,
    );
    const runs: string[] = [];
    for (const priority of [-5, 0, 50, 10]) runs.push(await start('single', { priority }));
    await eventually(
      () => Promise.all(runs.map((id) => detail(api.member, id))),
      (all) => all.every(({ waiting_on: waiting }) => waiting?.kind === 'worker'),
    );
    await writeFile(`${api.folder}/single`, '');
    await Promise.all(runs.map((id) => runUntil(api.member, id, ({ status }) => status === 'completed')));
    expect(await order(runs)).toEqual([2, 3, 1, 0]);
  });

  it('keep a label to its limit, for workers that ask at the same moment too, and pass over what finds no place', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => start('labelled')));
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(['gpu'])));
    const held = claims.filter((answer) => answer !== null);
    expect(held).toHaveLength(2);
    const waiting = await Promise.all(runs.map((id) => detail(api.member, id)));
    expect(waiting.map(({ waiting_on: on }) => on?.detail)).toContain(
      'All 2 places for label gpu were taken when a worker last asked; one is given step train when a place is free.',
    );
    const other = await start('unlabelled');
    const passed = await claim(['gpu']);
    expect(passed?.step.run_id).toBe(other);
    for (const answer of held) await complete(answer);
    expect((await claim(['gpu']))?.step.step).toBe('train');
    await assertHealthy(api.database.dataSource);
  });
});
