import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guardedRequest, type Resolve } from '../../src/outbound/guarded-request.js';

/** A public address, which nothing here connects to: it never comes alone. */
const PUBLIC = '1.1.1.1';

describe('a name that leads elsewhere the second time it is asked for', () => {
  let server: Server;
  let port: number;
  let reached: number;

  beforeAll(async () => {
    server = createServer((_request, response) => {
      reached += 1;
      response.end('inside');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    reached = 0;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  const call = (resolve: Resolve, allowPrivate = false): Promise<unknown> =>
    guardedRequest(
      {
        url: new URL(`http://rebinding.example:${port}/`),
        method: 'GET',
        headers: {},
        body: null,
        signal: AbortSignal.timeout(5000),
      },
      { allowPrivate, maxBytes: 1000, resolve },
    );
  /** Answers with the next list each time; with the last one from then on. */
  const answering = (...lists: readonly (readonly string[])[]): { resolve: Resolve; asked: () => number } => {
    let asked = 0;
    const resolve: Resolve = (_hostname, _options, callback) => {
      const list = lists[Math.min(asked, lists.length - 1)] ?? [];
      asked += 1;
      callback(
        null,
        list.map((address) => ({ address, family: 4 })),
      );
    };
    return { resolve, asked: () => asked };
  };

  it('reaches this machine where that is allowed, so the rest of this test means something', async () => {
    await call(answering(['127.0.0.1']).resolve, true);
    expect(reached).toBe(1);
  });

  it('is asked once, and the connection goes to what was judged', async () => {
    // Nobody listens at the second address.
    const { resolve, asked } = answering(['127.0.0.1'], ['127.0.0.2']);
    await call(resolve, true);
    expect({ asked: asked(), reached }).toEqual({ asked: 1, reached: 1 });
  });

  it('is refused with the first private answer, also beside public ones', async () => {
    const refused = { code: 'address_not_allowed' };
    await expect(call(answering([PUBLIC, '127.0.0.1']).resolve)).rejects.toMatchObject(refused);
    await expect(call(answering(['127.0.0.1']).resolve)).rejects.toMatchObject(refused);
    expect(reached).toBe(0);
  });
});
