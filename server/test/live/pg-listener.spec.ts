import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LISTENER_TIMES, PgListener } from '../../src/live/pg-listener.js';
import { RunSignals } from '../../src/live/run-signals.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const RUN = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';

/** Stands between the listener and PostgreSQL, and can fall silent without closing anything. */
class Wire {
  private readonly pairs: { readonly near: Socket; readonly far: Socket }[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<Wire> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const url = new URL(target);
    url.hostname = '127.0.0.1';
    url.port = String(address.port);
    const wire = new Wire(server, url.href);
    server.on('connection', (near) => {
      const far = connect({ host: hostname, port: Number(port) });
      near.pipe(far).pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      wire.pairs.push({ near, far });
    });
    return wire;
  }

  get connections(): number {
    return this.pairs.length;
  }

  /** Nothing passes any more, in either direction, and nobody is told. */
  goSilent(): void {
    for (const { near, far } of this.pairs) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  close(): void {
    for (const { near, far } of this.pairs) [near, far].forEach((socket) => socket.destroy());
    this.server.close();
  }
}

describe('listening to the database', () => {
  let database: TestDatabase;
  let wire: Wire;
  let listener: PgListener;
  let signals: RunSignals;
  let listening: number;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
  }, 60_000);
  afterAll(() => database.drop());

  beforeEach(async () => {
    wire = await Wire.to(database.url);
    listener = new PgListener(wire.url, ['orchestrator_events', 'orchestrator_logs'], {
      checkMs: 50,
      answerMs: 500,
      retryMs: 10,
    });
    listening = 0;
    listener.onRestored(() => (listening += 1));
    signals = new RunSignals(listener);
    listener.onApplicationBootstrap();
    await until(() => listening === 1);
  });
  afterEach(async () => {
    await listener.onApplicationShutdown();
    wire.close();
  });

  const until = async (condition: () => boolean): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error('The condition was not met within 10 s');
      await new Promise(setImmediate);
    }
  };
  const notify = (channel: string, payload: string): Promise<unknown> =>
    database.dataSource.query('SELECT pg_notify($1, $2)', [channel, payload]);
  const counter = (subscribe: (wake: () => void) => () => void): { count: number; stop: () => void } => {
    const state = { count: 0, stop: (): void => undefined };
    state.stop = subscribe(() => (state.count += 1));
    return state;
  };

  it('wakes who waits for that run, that run’s log, or any run', async () => {
    const run = counter((wake) => signals.subscribe(RUN, wake));
    const other = counter((wake) => signals.subscribe('another', wake));
    const all = counter((wake) => signals.subscribeToAll(wake));
    const log = counter((wake) => signals.subscribeToLogs(RUN, wake));
    await notify('orchestrator_events', `${RUN}:1`);
    await until(() => all.count === 1);
    expect([run.count, other.count, log.count]).toEqual([1, 0, 0]);
    await notify('orchestrator_logs', RUN);
    await until(() => log.count === 1);
    expect([run.count, all.count]).toEqual([1, 1]);
  });

  it('wakes nobody who has unsubscribed', async () => {
    const gone = counter((wake) => signals.subscribe(RUN, wake));
    const all = counter((wake) => signals.subscribeToAll(wake));
    gone.stop();
    await notify('orchestrator_events', `${RUN}:1`);
    await until(() => all.count === 1);
    expect(gone.count).toBe(0);
  });

  it('comes back after its connection was killed, and wakes everybody because something may be missed', async () => {
    const run = counter((wake) => signals.subscribe(RUN, wake));
    await database.dataSource.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orchestrator live' AND datname = current_database()",
    );
    await until(() => listening === 2);
    expect(run.count).toBe(1);
    await notify('orchestrator_events', `${RUN}:1`);
    await until(() => run.count === 2);
  });

  it('notices a connection that is open on one side only, and replaces it', async () => {
    wire.goSilent();
    await until(() => listening === 2);
    expect(wire.connections).toBe(2);
    const run = counter((wake) => signals.subscribe(RUN, wake));
    await notify('orchestrator_events', `${RUN}:1`);
    await until(() => run.count === 1);
  });

  it('stops without waiting for its next check', async () => {
    const patient = new PgListener(wire.url, ['orchestrator_events'], {
      ...LISTENER_TIMES,
      checkMs: 3_600_000,
    });
    const ready = new Promise<void>((resolve) => patient.onRestored(resolve));
    patient.onApplicationBootstrap();
    await ready;
    await expect(patient.onApplicationShutdown()).resolves.toBeUndefined();
  });
});
