import express, { type Request, type Response } from 'express';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  SSE_TIMES,
  SseStream,
  type SseMessage,
  type SseSource,
  type SseTimes,
} from '../../src/live/sse-stream.js';
import { SseClient } from './sse-client.js';

/** Numbers, as many as are asked for; counts what was read and who listens. */
class Numbers implements SseSource {
  readonly start = null;
  reads = 0;
  listeners = 0;

  constructor(private readonly size: number) {}

  next(): Promise<{ messages: SseMessage[]; waiting: boolean }> {
    this.reads += 1;
    const data = { text: 'x'.repeat(this.size) };
    return Promise.resolve({ messages: [{ id: String(this.reads), event: null, data }], waiting: false });
  }

  subscribe(): () => void {
    this.listeners += 1;
    return () => (this.listeners -= 1);
  }
}

const silent: SseSource = {
  start: 'here',
  next: () => Promise.resolve({ messages: [], waiting: false }),
  subscribe: () => () => undefined,
};

describe('a stream of server-sent events', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(source: SseSource, times: Partial<SseTimes> = {}): Promise<number> {
    const app = express();
    app.get('/', (request: Request, response: Response) =>
      new SseStream(request, response, { ...SSE_TIMES, ...times }).send(source),
    );
    const server = app.listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  const until = async (condition: () => boolean): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error('The condition was not met within 10 s');
      await new Promise(setImmediate);
    }
  };

  it('names its position and pings while nothing happens', async () => {
    const client = await SseClient.open(
      `http://127.0.0.1:${String(await serve(silent, { pingMs: 20 }))}`,
      {},
    );
    await until(() => client.comments.length >= 2);
    expect([client.lastId, client.comments[0]]).toEqual(['here', ': ping']);
    await client.close();
  });

  it('reads no further while its client takes nothing', async () => {
    const numbers = new Numbers(1024 * 1024);
    const socket = connect({ port: await serve(numbers), host: '127.0.0.1' });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'readable');
    let seen = -1;
    // The system's own buffers take some; then the reads stand still.
    for (let still = 0; still < 20_000; still++) {
      if (numbers.reads !== seen) still = 0;
      seen = numbers.reads;
      await new Promise(setImmediate);
    }
    expect(seen).toBeLessThan(40);
    socket.on('data', () => undefined);
    await until(() => numbers.reads > seen + 10);
    socket.destroy();
    await until(() => numbers.listeners === 0);
  }, 30_000);

  it('ends after its life, so that its client comes back with fresh credentials', async () => {
    const client = await SseClient.open(
      `http://127.0.0.1:${String(await serve(silent, { lifeMs: 30 }))}`,
      {},
    );
    await client.ended();
    expect(client.response.status).toBe(200);
  });

  it('finds news by itself when no signal comes', async () => {
    let asked = 0;
    const source: SseSource = {
      ...silent,
      next: () => {
        asked += 1;
        const messages = asked === 3 ? [{ id: '1', event: null, data: 'found' }] : [];
        return Promise.resolve({ messages, waiting: false });
      },
    };
    const client = await SseClient.open(
      `http://127.0.0.1:${String(await serve(source, { pollMs: 10 }))}`,
      {},
    );
    expect(await client.waitFor(1)).toEqual([{ id: '1', data: 'found' }]);
    await client.close();
  });
});
