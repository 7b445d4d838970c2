import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDoctor } from '../../src/doctor/doctor.js';
import { isAlive } from '../../src/persistence/live-process.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/persistence/embedded-postgres.js';
import { createRun, publish, runUntil } from '../runs/run-steps.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import { freePort } from '../startup/processes.js';
import { eventually } from '../support/until.js';
import { HeldCommand, START_PATIENCE_MS, startCluster, type Cluster } from './cluster.js';

describe('processes whose PostgreSQL goes away', () => {
  let folder: string;
  let port: string;
  let postgres: EmbeddedPostgres;
  let cluster: Cluster;
  let number = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orchestrator-database-loss-'));
    port = String(await freePort());
    postgres = await startEmbeddedPostgres(folder, { port });
    // A result is kept as long as its lease holds, and PostgreSQL may take some seconds to come back.
    cluster = await startCluster(postgres.url, 2, 10);
  }, START_PATIENCE_MS);

  afterAll(async () => {
    expect(await cluster.stop()).toEqual(cluster.workers.map(killedOrZero).concat(0));
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  const killedOrZero = ({
    child,
  }: {
    readonly child: { readonly signalCode: string | null };
  }): number | null => (child.signalCode === null ? 0 : null);

  async function runningStep(): Promise<{ readonly id: string; readonly command: HeldCommand }> {
    number += 1;
    const name = `held_${String(number)}`;
    const command = new HeldCommand(cluster.folder, name);
    const step = { agent: 'worker', retry: { attempts: 5, backoff: '1s' } };
    await publish(cluster.admin, name, [
      { name: 'work', steps: [{ id: 'hold', ...step, command: command.line }] },
      { name: 'after', steps: [{ id: 'last', ...step, command: 'true' }] },
    ]);
    const id = await createRun(cluster.admin, name, { auto_advance: true });
    await command.started(1);
    return { id, command };
  }

  async function killPostgres(): Promise<void> {
    process.kill(postgres.pid, 'SIGKILL');
    await eventually(
      () => isAlive(postgres.pid),
      (alive) => !alive,
    );
  }

  const startAgain = async (): Promise<void> => {
    postgres = await startEmbeddedPostgres(folder, { port });
  };

  /** Reads the run until it has ended; while the database is away there are only errors. */
  const untilCompleted = (id: string): Promise<RunDetailDto> =>
    eventually(
      async () => (await cluster.admin.get<RunDetailDto>(`/runs/${id}`)).body,
      (run) => run.status === 'completed',
    );

  const everythingRuns = async (): Promise<boolean> => {
    const pids = [cluster.api, ...cluster.workers].filter(({ child }) => child.signalCode === null);
    const alive = await Promise.all(pids.map(({ child }) => isAlive(child.pid ?? 0)));
    return alive.every(Boolean);
  };

  it('do not end, and finish the step that ran, when it was killed and started again', async () => {
    const { id, command } = await runningStep();
    await killPostgres();
    const { status } = await cluster.admin.get(`/runs/${id}`);
    expect(status).toBeGreaterThanOrEqual(500);
    await startAgain();
    await command.letGo();
    await untilCompleted(id);
    expect(await everythingRuns()).toBe(true);
  });

  it('keep the result of a step that ended meanwhile, and do not execute it again', async () => {
    const { id, command } = await runningStep();
    await killPostgres();
    await command.letGo();
    await eventually(
      () => command.notes('end'),
      (notes) => notes.length === 1,
    );
    await startAgain();
    await untilCompleted(id);
    expect(await command.notes('start')).toHaveLength(1);
    expect(await everythingRuns()).toBe(true);
  });

  it('take no harm when it restarts in good order, twice, while a lost step is looked for', async () => {
    const { id, command } = await runningStep();
    const holder = await cluster.holderOf(id, 'hold');
    holder.child.kill('SIGKILL');
    for (let restarts = 0; restarts < 2; restarts += 1) {
      await postgres.stop();
      await startAgain();
    }
    await command.started(2);
    await command.letGo();
    await untilCompleted(id);
    expect(await command.notes('end')).toHaveLength(1);
    await cluster.startWorker();
  });

  it('go on with work and live events when the connections that listen are ended', async () => {
    const { id, command } = await runningStep();
    const stream = await cluster.admin.raw(`/runs/${id}/events`, {
      headers: { Accept: 'text/event-stream' },
    });
    const seen = readEvents(stream);
    await cluster.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND (query ILIKE 'listen%' OR application_name = 'orchestrator live')`,
    );
    await command.letGo();
    await runUntil(cluster.admin, id, (run) => run.status === 'completed');
    const events = await seen;
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe('run.completed');
    expect(await everythingRuns()).toBe(true);
  });

  it('leave a database behind in which every promise holds', async () => {
    const report = await runDoctor(postgres.url, {
      artifactsFolder: join(cluster.folder, 'data', 'artifacts'),
    });
    expect(report.checks.filter((check) => check.findings.length > 0)).toEqual([]);
    expect(report.runs).toBe(number);
  });
});

interface SeenEvent {
  readonly seq: number;
  readonly type: string;
}

/** Reads a stream to the event that ends its run. */
async function readEvents(stream: Response): Promise<SeenEvent[]> {
  const events: SeenEvent[] = [];
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/mu.exec(block)?.[1];
      if (data !== undefined) events.push(JSON.parse(data) as SeenEvent);
    }
    if (events.at(-1)?.type === 'run.completed') return events;
  }
  return events;
}
