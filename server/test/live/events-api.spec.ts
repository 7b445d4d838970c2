import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, OWNER, startRunDataApp, STRANGER, type RunDataApp } from './run-data-app.js';
import { appendEvent, seedRun } from './seed-run.js';
import { eventually } from '../support/until.js';
import { SseClient } from './sse-client.js';

interface EventData {
  readonly run_id: string;
  readonly seq: number;
  readonly type: string;
}

describe('events api', () => {
  let server: RunDataApp;
  let runId: string;
  const clients: SseClient[] = [];

  beforeAll(async () => {
    server = await startRunDataApp();
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    runId = await seedRun(server.database.dataSource, server.ownerId);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  const add = async (count: number, run = runId): Promise<void> => {
    for (let index = 0; index < count; index++)
      await appendEvent(server.database.dataSource, run, 'run.changed');
  };

  /** Streams begin where the oldest open transaction of the whole server began; other databases have some, too. */
  const untilPast = (): Promise<unknown> =>
    eventually(
      () =>
        server.database.dataSource.query<{ past: boolean }[]>(
          'SELECT bool_and(tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint) AS past FROM run_events',
        ),
      ([row]) => row?.past === true,
    );

  const get = (path: string, as = OWNER): Promise<Response> =>
    fetch(`${server.url}/runs/${runId}/events${path}`, { headers: server.as(as) });

  async function stream(
    path: string,
    headers: Record<string, string> = {},
    as = OWNER,
    on = server,
  ): Promise<SseClient> {
    const client = await SseClient.open(on.url + path, { ...server.as(as), ...headers });
    clients.push(client);
    return client;
  }

  const seqs = (client: SseClient): number[] =>
    client.messages.map((message) => (message.data as EventData).seq);
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

  describe('the history of a run as pages', () => {
    it('has every event in order, and says where the next page begins', async () => {
      await add(5);
      const first = (await (await get('?limit=3')).json()) as {
        events: EventData[];
        next_after: number | null;
      };
      expect(first.events.map((event) => event.seq)).toEqual([1, 2, 3]);
      expect(first.next_after).toBe(3);
      const second = (await (await get('?limit=3&after=3')).json()) as typeof first;
      expect(second.events.map((event) => event.seq)).toEqual([4, 5]);
      expect(second.next_after).toBeNull();
      expect(first.events[0]).toEqual({
        seq: 1,
        type: 'run.changed',
        at: expect.stringMatching(/Z$/u),
        actor: null,
        phase: null,
        step: null,
        attempt: null,
        data: {},
      });
    });

    it('is hidden from others, and refuses wrong queries', async () => {
      expect((await get('', STRANGER)).status).toBe(404);
      expect((await get('', ADMIN)).status).toBe(200);
      for (const query of ['?limit=0', '?limit=1001', '?after=-1', '?after=x', '?unknown=1']) {
        expect((await get(query)).status).toBe(400);
      }
    });
  });

  describe('the history of a run as a stream', () => {
    it('begins with what is there, goes on live, and numbers its messages with the sequence', async () => {
      await add(2);
      const client = await stream(`/runs/${runId}/events`);
      expect(client.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      await client.waitFor(2);
      await add(2);
      await client.waitFor(4);
      expect(client.messages.map((message) => message.id)).toEqual(['1', '2', '3', '4']);
      expect(seqs(client)).toEqual([1, 2, 3, 4]);
    });

    it('resumes behind Last-Event-ID in another process without a gap or a repetition', async () => {
      const other = await startRunDataApp({}, server);
      try {
        const writing = add(60);
        const first = await stream(`/runs/${runId}/events`);
        await first.waitFor(20);
        await first.close();
        const second = await stream(
          `/runs/${runId}/events`,
          { 'last-event-id': first.lastId ?? '' },
          OWNER,
          other,
        );
        await writing;
        const seen = seqs(first);
        await second.waitFor(60 - seen.length);
        expect([...seen, ...seqs(second)]).toEqual(upTo(60));
      } finally {
        await Promise.all(clients.splice(0).map((client) => client.close()));
        await other.close();
      }
    }, 30_000);

    it('brings 20,000 events to a reader in order', async () => {
      const { dataSource } = server.database;
      await dataSource.query(
        `INSERT INTO run_events (run_id, seq, type, at, data, tx)
       SELECT $1, n, 'run.changed', now(), json_build_object('text', repeat('x', 500)), pg_current_xact_id()::text::bigint
       FROM generate_series(1, 20000) AS n`,
        [runId],
      );
      const client = await stream(`/runs/${runId}/events`);
      await client.waitFor(20_000, 40_000);
      expect(seqs(client)).toEqual(upTo(20_000));
    }, 60_000);

    it('is hidden from others', async () => {
      const client = await stream(`/runs/${runId}/events`, {}, STRANGER);
      expect(client.response.status).toBe(404);
      expect(client.response.headers.get('content-type')).toContain('application/problem+json');
    });

    it('ends when the process stops, so that its clients resume elsewhere', async () => {
      const other = await startRunDataApp({}, server);
      const client = await stream(`/runs/${runId}/events`, {}, OWNER, other);
      await other.close();
      await client.ended();
      expect(client.response.status).toBe(200);
    }, 30_000);
  });

  describe('the events of all runs', () => {
    it('bring each caller what they may see, from now on', async () => {
      await add(3);
      await untilPast();
      const [owner, stranger, admin] = await Promise.all([
        stream('/events'),
        stream('/events', {}, STRANGER),
        stream('/events', {}, ADMIN),
      ]);
      await add(2);
      await Promise.all([owner.waitFor(2), admin.waitFor(2)]);
      expect(owner.messages.map((message) => message.data)).toEqual([
        { run_id: runId, type: 'run.changed', seq: 4, at: expect.any(String), phase: null },
        { run_id: runId, type: 'run.changed', seq: 5, at: expect.any(String), phase: null },
      ]);
      expect(seqs(admin)).toEqual([4, 5]);
      expect(stranger.messages).toEqual([]);
    });

    it('resume without a gap although nothing had come before the connection broke', async () => {
      const first = await stream('/events');
      await first.waitFor(0);
      while (first.lastId === null) await new Promise(setImmediate);
      await first.close();
      await add(3);
      const second = await stream('/events', { 'last-event-id': first.lastId });
      await second.waitFor(3);
      expect(seqs(second)).toEqual([1, 2, 3]);
    });

    it('miss no event whose transaction ends after a later one', async () => {
      const { dataSource } = server.database;
      const late = await seedRun(dataSource, server.ownerId);
      const client = await stream('/events');
      const slow = dataSource.createQueryRunner();
      await slow.startTransaction();
      await slow.query(
        `INSERT INTO run_events (run_id, seq, type, at, data, tx)
       VALUES ($1, 1, 'late', now(), '{}', pg_current_xact_id()::text::bigint)`,
        [late],
      );
      await add(1);
      await slow.commitTransaction();
      await slow.release();
      await add(1);
      await client.waitFor(3);
      expect(client.messages.map((message) => (message.data as EventData).type).sort()).toEqual([
        'late',
        'run.changed',
        'run.changed',
      ]);
    });

    it('miss none under many writers while the reader keeps coming back', async () => {
      const { dataSource } = server.database;
      const runs = await Promise.all(Array.from({ length: 8 }, () => seedRun(dataSource, server.ownerId)));
      let client = await stream('/events');
      while (client.lastId === null) await new Promise(setImmediate);
      const seen: string[] = [];
      const take = (from: SseClient): void => {
        for (const { data } of from.messages)
          seen.push(`${(data as EventData).run_id} ${String((data as EventData).seq)}`);
      };
      const writing = Promise.all(runs.map((run) => add(25, run)));
      // What was held back meanwhile comes at once, so that fewer rounds may be needed.
      while (seen.length < 180) {
        await client.waitFor(20);
        await client.close();
        take(client);
        client = await stream('/events', { 'last-event-id': client.lastId ?? '' });
      }
      await writing;
      await client.waitFor(200 - seen.length);
      take(client);
      expect(seen.sort()).toEqual(
        runs.flatMap((run) => upTo(25).map((seq) => `${run} ${String(seq)}`)).sort(),
      );
    }, 60_000);
  });
});
