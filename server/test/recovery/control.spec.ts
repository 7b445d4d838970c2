import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { isAlive } from '../../src/persistence/live-process.js';
import type { ClaimAnswerDto } from '../../src/execution/remote/worker-answers.dto.js';
import { artifactsOf, createRun, detail, next, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { HeldCommand } from './cluster.js';

describe('a run under control', () => {
  let app: TestApp;
  let number = 0;

  beforeAll(async () => {
    app = await startTestApp({ limits: QUICK });
  });

  afterEach(() => assertHealthy(app.database.dataSource));

  afterAll(() => app.stop());

  const name = (): string => `controlled_${String((number += 1))}`;
  const query = <T>(sql: string, values: readonly unknown[]): Promise<T[]> =>
    app.database.dataSource.query<T[]>(sql, [...values]);
  const cancel = async (id: string): Promise<void> => {
    expect((await app.admin.post(`/runs/${id}/cancel`, { reason: 'test' })).status).toBe(200);
  };
  const eventsOf = async (id: string): Promise<string[]> =>
    (await query<{ type: string }>('SELECT type FROM run_events WHERE run_id = $1 ORDER BY seq', [id])).map(
      (event) => event.type,
    );
  const stateOf = (id: string, key: string): Promise<{ status: string; tries: number } | undefined> =>
    query<{ status: string; tries: number }>(
      'SELECT status, tries FROM steps WHERE run_id = $1 AND key = $2 ORDER BY id DESC LIMIT 1',
      [id, key],
    ).then((rows) => rows[0]);

  /** All that a worker's word may change of a run, except the leases of those who hold its steps. */
  const recorded = (id: string): Promise<unknown[]> =>
    query(
      `SELECT to_jsonb(r) AS run,
         (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.id) FROM steps s WHERE s.run_id = r.id) AS steps,
         (SELECT jsonb_agg(to_jsonb(t) - 'lease_expires_at' ORDER BY t.id) FROM step_attempts t WHERE t.run_id = r.id) AS tries,
         (SELECT count(*) FROM run_events e WHERE e.run_id = r.id) AS events,
         (SELECT count(*) FROM log_chunks l WHERE l.run_id = r.id) AS logs,
         (SELECT count(*) FROM artifacts a WHERE a.run_id = r.id) AS artifacts,
         (SELECT count(*) FROM measurements m WHERE m.run_id = r.id) AS measurements,
         (SELECT count(*) FROM usage_ledger u WHERE u.run_id = r.id) AS usage
       FROM runs r WHERE r.id = $1`,
      [id],
    );

  /** Every due job was taken, and the sweep has looked since. */
  async function nothingIsDue(): Promise<void> {
    const since = new Date(Date.now() + 1000);
    await eventually(
      () =>
        query<{ due: number; swept: boolean }>(
          `SELECT (SELECT count(*)::int FROM graphile_worker.jobs WHERE run_at < now() AND locked_at IS NULL) AS due,
             (SELECT bool_and(heartbeat_at > $1) FROM workers WHERE kind = 'local') AS swept`,
          [since],
        ),
      ([seen]) => seen?.due === 0 && seen.swept,
    );
  }

  it('that is cancelled loses the whole process tree of its step, and keeps what that had produced', async () => {
    const pids = join(app.folder, 'pids');
    const profile = await publish(app.admin, name(), [
      {
        name: 'work',
        steps: [
          {
            id: 'tree',
            agent: 'worker',
            command: `echo kept > "$ORCHESTRATOR_ARTIFACTS/partial.txt"
              trap '' TERM
              setsid sh -c 'trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.1; done' &
              sh -c 'echo $$ >> ${pids}; exec sleep 600' &
              echo $$ >> ${pids}
              while :; do sleep 0.1; done`,
          },
        ],
      },
    ]);
    const id = await createRun(app.admin, profile, { auto_advance: true });
    const processes = await eventually(
      async () => (await readFile(pids, 'utf8').catch(() => '')).trim().split('\n').map(Number),
      (seen) => seen.length === 3,
    );
    await cancel(id);
    await eventually(
      () => Promise.all(processes.map(isAlive)),
      (alive) => !alive.includes(true),
    );
    const kept = await eventually(
      () => artifactsOf(app.admin, id, 'work'),
      (artifacts) => artifacts.length > 0,
    );
    expect(kept.map((artifact) => artifact.name)).toEqual(['partial.txt']);
    expect((await detail(app.admin, id)).status).toBe('cancelled');
  });

  it('that is cancelled while it waits for a retry starts nothing afterwards', async () => {
    const notes = new HeldCommand(app.folder, name());
    await notes.letGo();
    const profile = await publish(app.admin, name(), [
      {
        name: 'work',
        steps: [
          {
            id: 'again',
            agent: 'worker',
            command: `${notes.line}\nexit 75`,
            retry: { attempts: 5, backoff: '2s' },
          },
        ],
      },
    ]);
    const id = await createRun(app.admin, profile, { auto_advance: true });
    await runUntil(app.admin, id, (run) => run.waiting_on?.kind === 'retry');
    const [due] = await query<{ run_at: Date }>(
      `SELECT run_at FROM step_attempts WHERE run_id = $1 AND status = 'queued'`,
      [id],
    );
    await cancel(id);
    const starts = (await notes.notes('start')).length;
    await eventually(
      () =>
        query<{ over: boolean }>(`SELECT now() > $1::timestamptz + interval '1 second' AS over`, [
          due?.run_at,
        ]),
      ([seen]) => seen?.over === true,
    );
    await nothingIsDue();
    expect(await notes.notes('start')).toHaveLength(starts);
    expect(await stateOf(id, 'again')).toMatchObject({ status: 'cancelled' });
    expect((await eventsOf(id)).at(-1)).toBe('run.cancelled');
  });

  it('that is cancelled while it awaits an approval takes no approval and starts nothing afterwards', async () => {
    const profile = await publish(app.admin, name(), [
      {
        name: 'review',
        steps: [
          { id: 'ask', agent: 'lead', approval: { role: 'member', self_approval: true } },
          { id: 'later', agent: 'worker', needs: ['ask'], command: 'true' },
        ],
      },
    ]);
    const id = await createRun(app.admin, profile, { auto_advance: true });
    await runUntil(app.admin, id, (run) => run.waiting_on?.kind === 'approval');
    await cancel(id);
    const refused = await app.admin.post<{ code: string }>(`/runs/${id}/phases/review/approve`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'approval_not_awaited' } });
    expect(await app.admin.post(`/runs/${id}/resume`)).toMatchObject({ status: 409 });
    expect(await next(app.admin, id)).toMatchObject({ status: 409, body: { code: 'run_finished' } });
    await nothingIsDue();
    expect(await stateOf(id, 'later')).toEqual({ status: 'cancelled', tries: 0 });
  });

  it('that is paused lets its step end and starts no other, and goes on when it is resumed', async () => {
    const command = new HeldCommand(app.folder, name());
    const profile = await publish(app.admin, name(), [
      {
        name: 'work',
        steps: [
          { id: 'first', agent: 'worker', command: command.line },
          { id: 'second', agent: 'worker', needs: ['first'], command: 'true' },
        ],
      },
      { name: 'after', steps: [{ id: 'third', agent: 'worker', command: 'true' }] },
    ]);
    const id = await createRun(app.admin, profile, { auto_advance: true });
    await command.started(1);
    expect((await app.admin.post(`/runs/${id}/pause`)).status).toBe(200);
    await command.letGo();
    await eventually(
      () => stateOf(id, 'first'),
      (step) => step?.status === 'succeeded',
    );
    await nothingIsDue();
    expect(await stateOf(id, 'second')).toEqual({ status: 'pending', tries: 0 });
    expect((await detail(app.admin, id)).status).toBe('paused');
    expect((await app.admin.post(`/runs/${id}/resume`)).status).toBe(200);
    const run = await runUntil(app.admin, id, ({ status }) => status === 'completed');
    expect(phaseOf(run, 'work').attempt).toBe(1);
    expect(await command.notes('start')).toHaveLength(1);
  });

  it('that is paused in its last step completes when it is resumed', async () => {
    const command = new HeldCommand(app.folder, name());
    const profile = await publish(app.admin, name(), [
      { name: 'work', steps: [{ id: 'last', agent: 'worker', command: command.line }] },
    ]);
    const id = await createRun(app.admin, profile, { auto_advance: true });
    await command.started(1);
    expect((await app.admin.post(`/runs/${id}/pause`)).status).toBe(200);
    await command.letGo();
    await eventually(
      () => stateOf(id, 'last'),
      (step) => step?.status === 'succeeded',
    );
    expect((await detail(app.admin, id)).status).toBe('paused');
    expect((await app.admin.post(`/runs/${id}/resume`)).status).toBe(200);
    await runUntil(app.admin, id, ({ status }) => status === 'completed');
  });

  it('gives a step that was claimed and never heartbeated to another, and refuses the first with lease_lost', async () => {
    const profile = await publish(app.admin, name(), [
      {
        name: 'work',
        steps: [
          {
            id: 'outside',
            agent: 'coder',
            worker: { labels: ['gpu'] },
            retry: { attempts: 3, backoff: '1s' },
          },
        ],
      },
    ]);
    const id = await createRun(app.admin, profile, { auto_advance: true });
    const claim = async (worker: string): Promise<ClaimAnswerDto> => {
      const asked = { name: worker, labels: ['gpu'], wait_seconds: 1 };
      const { body } = await eventually(
        () => app.admin.post<ClaimAnswerDto>('/worker/claim', asked),
        ({ status }) => status === 200,
      );
      return body;
    };
    const first = await claim('silent');
    const half = new FormData();
    half.append('lease_token', first.lease.token);
    half.append('path', 'half.md');
    half.append('file', new Blob(['half']), 'half.md');
    const kept = await app.admin.raw(`/worker/steps/${first.step.id}/artifacts`, {
      method: 'POST',
      body: half,
    });
    expect(kept.status).toBe(201);
    const second = await claim('steady');
    // What the lost try had made is no result of the next; it stays readable.
    expect(await artifactsOf(app.admin, id, 'work')).toEqual([]);
    expect(await artifactsOf(app.admin, id, 'work', '?all_versions=true')).toMatchObject([
      { path: 'half.md', superseded: true },
    ]);
    expect(second.step).toMatchObject({ run_id: id, step: 'outside', try: 2 });
    const late = (path: string, more: object) =>
      app.admin.post<{ code: string }>(`/worker/steps/${first.step.id}/${path}`, {
        lease_token: first.lease.token,
        ...more,
      });
    const sent = async (method: string, path: string): Promise<unknown> => {
      const body = new FormData();
      body.append('lease_token', first.lease.token);
      body.append('path', 'late.md');
      body.append('file', new Blob(['late']), 'late.md');
      const answer = await app.admin.raw(`/worker/steps/${first.step.id}/${path}`, { method, body });
      return { status: answer.status, body: await answer.json() };
    };
    const start = `/worker/steps/${first.step.id}/workspace?lease_token=${first.lease.token}`;
    const usage = { provider: 'anthropic', model: 'late', input_tokens: 1, output_tokens: 1 };
    const steps = `/worker/steps/${second.step.id}`;
    const holds = { lease_token: second.lease.token };
    const heart = setInterval(() => void app.admin.post(`${steps}/heartbeat`, holds), 200);
    const before = await recorded(id);
    for (const answer of [
      await late('heartbeat', {}),
      await late('logs', { lines: [{ stream: 'stdout', text: 'late' }] }),
      await late('usage', { usage: [usage] }),
      await sent('POST', 'artifacts'),
      await sent('PUT', 'workspace'),
      await app.admin.get(start),
      await late('complete', { summary: 'late', usage: [usage], metrics: [{ name: 'late', value: 1 }] }),
      await late('fail', { code: 'late', message: 'late' }),
      await late('fail', { code: 'handed_back', message: 'late' }),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'lease_lost' } });
    }
    expect(await recorded(id)).toEqual(before);
    clearInterval(heart);
    const done = { lease_token: second.lease.token, summary: 'done' };
    expect((await app.admin.post(`/worker/steps/${second.step.id}/complete`, done)).status).toBe(204);
    const run = await runUntil(app.admin, id, ({ status }) => status === 'completed');
    expect(phaseOf(run, 'work').steps[0]).toMatchObject({ status: 'succeeded', tries: 2, summary: 'done' });
    const again = await app.admin.post(`/worker/steps/${second.step.id}/complete`, done);
    expect(again).toMatchObject({ status: 409 });
    expect((await eventsOf(id)).filter((type) => type === 'step.succeeded')).toHaveLength(1);
  });

  it('gives nothing to a worker that has closed its connection while it waited for a step', async () => {
    const profile = await publish(app.admin, name(), [
      { name: 'work', steps: [{ id: 'outside', worker: { labels: ['rare'] }, retry: { attempts: 1 } }] },
    ]);
    const ask = (worker: string, init: RequestInit = {}): Promise<Response> =>
      app.admin.raw('/worker/claim', {
        ...init,
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: worker, labels: ['rare'], wait_seconds: 30 }),
      });
    const stopped = new AbortController();
    const left = ask('left', { signal: stopped.signal }).catch(() => null);
    await eventually(
      () => query<{ n: number }>(`SELECT count(*)::int AS n FROM workers WHERE name = 'left'`, []),
      ([found]) => found?.n === 1,
    );
    stopped.abort();
    expect(await left).toBeNull();
    const id = await createRun(app.admin, profile, { auto_advance: true });
    const claim = (await (await ask('stays')).json()) as ClaimAnswerDto;
    expect(claim.step).toMatchObject({ run_id: id, step: 'outside', try: 1 });
    expect((await eventsOf(id)).filter((type) => type === 'step.started')).toHaveLength(1);
    const gives = { lease_token: claim.lease.token, code: 'handed_back', message: 'The worker stops.' };
    expect((await app.admin.post(`/worker/steps/${claim.step.id}/fail`, gives)).status).toBe(204);
    expect(await stateOf(id, 'outside')).toEqual({ status: 'waiting', tries: 1 });
    await cancel(id);
  });

  it('leaves no job in the queue that nobody will ever take', async () => {
    const [job] = await query<{ id: string }>(
      `SELECT id FROM graphile_worker.add_job('run_step', '{"id":"none"}', run_at := now() + interval '1 hour')`,
      [],
    );
    await query('SELECT graphile_worker.permanently_fail_jobs(ARRAY[$1::bigint])', [job?.id]);
    await eventually(
      () => query<{ id: string }>('SELECT id FROM graphile_worker.jobs WHERE id = $1', [job?.id]),
      (left) => left.length === 0,
    );
  });
});
