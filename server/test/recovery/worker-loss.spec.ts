import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/persistence/live-process.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { artifactsOf, createRun, detail, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/until.js';
import { HeldCommand, START_PATIENCE_MS, startCluster, type Cluster } from './cluster.js';

describe('a worker process that is lost', () => {
  let database: TestDatabase;
  let cluster: Cluster;
  let number = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    cluster = await startCluster(database.url, 2);
  }, START_PATIENCE_MS);

  afterEach(() => assertHealthy(database.dataSource));

  afterAll(async () => {
    await cluster.stop();
    await database.drop();
  });

  /** A run whose one step is running and holds on. */
  async function runningStep(): Promise<{ readonly id: string; readonly command: HeldCommand }> {
    number += 1;
    const name = `held_${String(number)}`;
    const command = new HeldCommand(cluster.folder, name);
    await publish(cluster.admin, name, [
      {
        name: 'work',
        steps: [
          { id: 'hold', agent: 'worker', command: command.line, retry: { attempts: 3, backoff: '1s' } },
        ],
      },
    ]);
    const id = await createRun(cluster.admin, name, { auto_advance: true });
    await command.started(1);
    return { id, command };
  }

  const triesOf = (runId: string): Promise<{ number: number; status: string }[]> =>
    cluster.query('SELECT number, status FROM step_attempts WHERE run_id = $1 ORDER BY number', [runId]);

  const eventsOf = async (runId: string): Promise<string[]> =>
    (
      await cluster.query<{ type: string }>('SELECT type FROM run_events WHERE run_id = $1 ORDER BY seq', [
        runId,
      ])
    ).map((event) => event.type);

  it('by kill -9 has its step tried again by another worker, once, and recorded once', async () => {
    const { id, command } = await runningStep();
    const holder = await cluster.holderOf(id, 'hold');
    holder.child.kill('SIGKILL');
    await command.started(2);
    expect(await cluster.holderOf(id, 'hold')).not.toBe(holder);
    await command.letGo();
    await runUntil(cluster.admin, id, (run) => run.status === 'completed');
    expect(await triesOf(id)).toEqual([
      { number: 1, status: 'lost' },
      { number: 2, status: 'succeeded' },
    ]);
    expect(await command.notes('start')).toHaveLength(2);
    // The processes that the lost worker left were ended before the second try began.
    expect(await command.notes('end')).toHaveLength(1);
    expect((await eventsOf(id)).filter((type) => type === 'step.succeeded')).toHaveLength(1);
    await cluster.startWorker();
  });

  it('stopped past its lease and continued cannot record what it did: the step is recorded once', async () => {
    const { id, command } = await runningStep();
    const frozen = await cluster.holderOf(id, 'hold');
    frozen.child.kill('SIGSTOP');
    await command.started(2);
    await command.letGo();
    await runUntil(cluster.admin, id, (run) => run.status === 'completed');
    const before = await detail(cluster.admin, id);
    frozen.child.kill('SIGCONT');
    await until(() => frozen.output().includes('the lease is lost'));
    expect(await detail(cluster.admin, id)).toEqual(before);
    expect(await triesOf(id)).toEqual([
      { number: 1, status: 'lost' },
      { number: 2, status: 'succeeded' },
    ]);
    const artifacts = await artifactsOf(cluster.admin, id, 'work', '?all_versions=true');
    expect(artifacts.map(({ name, version }) => `${name} ${String(version)}`).sort()).toEqual([
      'partial.txt 1',
      'result.txt 1',
    ]);
    expect((await eventsOf(id)).filter((type) => type === 'step.succeeded')).toHaveLength(1);
  });

  it('asked to stop hands its step back, which another worker begins without counting it as a try', async () => {
    const { id, command } = await runningStep();
    const holder = await cluster.holderOf(id, 'hold');
    holder.child.kill('SIGTERM');
    expect(await holder.exited).toBe(0);
    await command.started(2);
    expect(await cluster.holderOf(id, 'hold')).not.toBe(holder);
    await command.letGo();
    await runUntil(cluster.admin, id, (run) => run.status === 'completed');
    expect(await triesOf(id)).toEqual([{ number: 1, status: 'succeeded' }]);
    expect(await eventsOf(id)).toContain('step.handed_back');
    expect(await command.notes('end')).toHaveLength(1);
    await cluster.startWorker();
  });

  it('while its run is cancelled does not come back: nothing of the run starts afterwards', async () => {
    const { id, command } = await runningStep();
    const holder = await cluster.holderOf(id, 'hold');
    holder.child.kill('SIGKILL');
    expect((await cluster.admin.post(`/runs/${id}/cancel`)).status).toBe(200);
    // Another run shows that the sweep and the queue have gone on since.
    const other = await runningStep();
    await other.command.letGo();
    await runUntil(cluster.admin, other.id, (run) => run.status === 'completed');
    await eventually(
      () => sweptSince(id),
      (swept) => swept,
    );
    expect(await command.notes('start')).toHaveLength(1);
    expect(await triesOf(id)).toEqual([{ number: 1, status: 'cancelled' }]);
    expect(phaseOf(await detail(cluster.admin, id), 'work').status).toBe('cancelled');
    expect((await eventsOf(id)).at(-1)).toBe('run.cancelled');
    // What it left running on this machine is ended all the same.
    const left = Number((await command.notes('start'))[0]?.split(' ').at(-1));
    await eventually(
      () => isAlive(left),
      (alive) => !alive,
    );
    await cluster.startWorker();
  });

  it('is replaced for a whole phase of parallel steps, each of which succeeds once', async () => {
    number += 1;
    const command = new HeldCommand(cluster.folder, `many_${String(number)}`);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await publish(cluster.admin, `many_${String(number)}`, [
      {
        name: 'work',
        steps: keys.map((id) => ({ id, agent: 'worker', command: command.line, retry: { backoff: '1s' } })),
      },
    ]);
    const id = await createRun(cluster.admin, `many_${String(number)}`, { auto_advance: true });
    await command.started(keys.length);
    (await cluster.holderOf(id, 'a')).child.kill('SIGKILL');
    await command.letGo();
    await runUntil(cluster.admin, id, (run) => run.status === 'completed');
    const succeeded = await cluster.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM run_events WHERE run_id = $1 AND type = 'step.succeeded' GROUP BY step`,
      [id],
    );
    expect(succeeded.map((row) => row.n)).toEqual(keys.map(() => 1));
    await cluster.startWorker();
  });

  /** Every live worker has looked for lost steps after the run's end and the end of every lease from before. */
  async function sweptSince(runId: string): Promise<boolean> {
    const [row] = await cluster.query<{ swept: boolean }>(
      `SELECT coalesce(bool_and(w.heartbeat_at > r.completed_at + interval '4 seconds'), false) AS swept
       FROM runs r, workers w
       WHERE r.id = $1 AND w.stopped_at IS NULL AND w.heartbeat_at > now() - interval '3 seconds'`,
      [runId],
    );
    return row?.swept === true;
  }

  const until = (condition: () => boolean): Promise<unknown> =>
    eventually(() => Promise.resolve(condition()), Boolean);
});
