import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpExecutor } from '../../src/execution/executors/http.js';
import type { ExecutorDefinition } from '../../src/workflow/domain/profile.js';
import { temporaryFolder } from './repositories.js';
import { stepOf } from './step-context.js';

type Http = Extract<ExecutorDefinition, { kind: 'http' }>;

describe('http executor', () => {
  let base: string;
  let server: Server;
  const others: Server[] = [];
  let origin: string;
  let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  async function listen(target: Server): Promise<string> {
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const address = target.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  beforeEach(async () => {
    base = temporaryFolder();
    seen = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
        answer(request, response);
      });
    });
    origin = await listen(server);
  });

  afterEach(() => {
    for (const each of [server, ...others.splice(0)]) {
      each.closeAllConnections();
      each.close();
    }
    rmSync(base, { recursive: true, force: true });
  });

  const http = (url: string, changes: Partial<Http> = {}): Http => ({
    ...{ kind: 'http', method: 'GET', url, headers: {}, body: null, expect: [], callback: false },
    ...changes,
  });

  const open = new HttpExecutor({ allowPrivate: true, maxResponseBytes: 10_000 });
  const guarded = new HttpExecutor({ allowPrivate: false, maxResponseBytes: 10_000 });

  describe('an http step', () => {
    it('sends what it is told and keeps the answer as an artifact', async () => {
      answer = (_, response) =>
        response.writeHead(201, { 'content-type': 'application/json; charset=utf-8' }).end('{"ok":true}');
      const step = http(`${origin}/hook?key=1`, {
        method: 'post',
        headers: { 'X-Run': 'r1' },
        body: 'größe',
      });
      const { context, log } = stepOf(base, step);
      const outcome = await open.execute(context);
      expect(seen).toMatchObject([
        {
          method: 'POST',
          url: '/hook?key=1',
          body: 'größe',
          headers: { 'x-run': 'r1', 'content-length': '7' },
        },
      ]);
      expect(outcome).toMatchObject({
        kind: 'succeeded',
        report: { artifacts: [{ path: 'http_response.json' }] },
      });
      if (outcome.kind !== 'succeeded') return;
      expect(readFileSync(outcome.report.artifacts[0]?.file ?? '', 'utf8')).toBe('{"ok":true}');
      expect(log.text('system')).toBe(`POST ${origin}/hook answered 201 with 11 bytes\n`);
    });

    it('tells the step’s context where its profile gives no body, and nothing where a call has none', async () => {
      answer = (_, response) => response.writeHead(200).end();
      const given = {
        intake: 'Find the holes.',
        parameters: { depth: 2 },
        comment: 'Look deeper.',
        earlierArtifacts: [
          { phase: 'plan', path: 'plan.md', type: 'report' as const, sizeBytes: 8, sha256: 'f'.repeat(64) },
        ],
      };
      for (const method of ['POST', 'PUT', 'GET'])
        await open.execute(stepOf(base, http(origin, { method }), { id: 'notify' }, given).context);
      const [posted, put, got] = seen;
      const told: unknown = JSON.parse(posted?.body ?? '');
      expect(told).toMatchObject({
        ...{ run: { project_name: 'a project' }, phase: 'build', step: 'notify', attempt: 2, try: 1 },
        ...{ intake: 'Find the holes.', parameters: { depth: 2 }, comment: 'Look deeper.' },
        artifacts: [
          { phase: 'plan', path: 'plan.md', type: 'report', size_bytes: 8, sha256: 'f'.repeat(64) },
        ],
      });
      expect(posted?.headers['content-type']).toBe('application/json');
      expect(put?.body).toContain('"intake":"Find the holes."');
      expect(got?.body).toBe('');
    });

    it.each([
      [500, [], 'GET', { kind: 'failed', failure: { code: 'unexpected_status', retryable: true } }],
      [500, [], 'POST', { kind: 'failed', failure: { code: 'unexpected_status', retryable: false } }],
      [503, [], 'POST', { kind: 'failed', failure: { code: 'unexpected_status', retryable: true } }],
      [404, [], 'GET', { kind: 'failed', failure: { code: 'unexpected_status', retryable: false } }],
      [404, [404], 'GET', { kind: 'succeeded' }],
      [200, [202], 'GET', { kind: 'failed', failure: { message: 'The call answered 200; expected 202' } }],
    ])('judges status %i, expected %j, for %s', async (status, expected, method, outcome) => {
      answer = (_, response) => response.writeHead(status).end('text');
      const { context } = stepOf(base, http(origin, { expect: expected, method }));
      expect(await open.execute(context)).toMatchObject(outcome);
    });

    it('keeps the answer of a failed call too', async () => {
      answer = (_, response) => response.writeHead(400).end('why');
      const { context } = stepOf(base, http(origin));
      expect(await open.execute(context)).toMatchObject({
        kind: 'failed',
        report: { artifacts: [{ path: 'http_response.txt' }] },
      });
    });

    it('fails on an answer past the limit without reading it to its end', async () => {
      answer = (_, response) => {
        const more = (): void => {
          if (response.write('x'.repeat(65_536))) setImmediate(more);
          else response.once('drain', more);
        };
        response.on('error', () => undefined);
        more();
      };
      const { context } = stepOf(base, http(origin));
      expect(await open.execute(context)).toMatchObject({
        kind: 'failed',
        failure: { code: 'response_too_large', retryable: false },
      });
    });

    it('fails at its time limit, and is tried again only where that is safe', async () => {
      answer = () => undefined;
      for (const [method, retryable] of [
        ['GET', true],
        ['POST', false],
      ] as const) {
        const { context } = stepOf(base, http(origin, { method }), { timeoutMs: 100 });
        expect(await open.execute(context)).toMatchObject({
          kind: 'failed',
          failure: { code: 'timeout', retryable },
        });
      }
    });

    it('ends when it is cancelled, and is handed back on shutdown', async () => {
      for (const [reason, expected] of [
        ['cancelled', { failure: { code: 'cancelled' } }],
        ['shutdown', { kind: 'handed_back' }],
      ] as const) {
        const { context, abort } = stepOf(base, http(origin));
        answer = () => abort.abort(reason);
        expect(await open.execute(context)).toMatchObject(expected);
      }
    });

    it('fails on a port where nobody listens, and may be tried again', async () => {
      const other = createServer();
      const url = await listen(other);
      await new Promise((resolve) => other.close(resolve));
      const { context } = stepOf(base, http(url, { method: 'POST' }));
      const failure = { code: 'unavailable', message: 'The call failed: ECONNREFUSED', retryable: true };
      expect(await open.execute(context)).toMatchObject({ kind: 'failed', failure });
    });

    it.each<Record<string, string>>([{ 'bad name': 'x' }, { x: 'a\r\nb: c' }])(
      'fails on headers that cannot be sent (%j)',
      async (headers) => {
        const { context } = stepOf(base, http(origin, { headers }));
        expect(await open.execute(context)).toMatchObject({
          kind: 'failed',
          failure: { code: 'invalid_request' },
        });
        expect(seen).toEqual([]);
      },
    );
  });

  describe('a redirect', () => {
    it('is followed at most three times', async () => {
      answer = (request, response) => response.writeHead(302, { location: `${request.url}x` }).end();
      const { context } = stepOf(base, http(`${origin}/`));
      expect(await open.execute(context)).toMatchObject({
        kind: 'failed',
        failure: { message: 'The call answered 302; expected 200–299' },
      });
      expect(seen.map(({ url }) => url)).toEqual(['/', '/x', '/xx', '/xxx']);
    });

    it('is an answer where the step expects one', async () => {
      answer = (_, response) => response.writeHead(302, { location: '/next' }).end();
      const { context } = stepOf(base, http(origin, { expect: [302] }));
      expect(await open.execute(context)).toMatchObject({ kind: 'succeeded' });
      expect(seen).toHaveLength(1);
    });

    it.each([
      [303, 'GET', ''],
      [307, 'POST', 'body'],
    ])('with status %i goes on as %s', async (status, method, body) => {
      answer = (request, response) =>
        response.writeHead(request.url === '/' ? status : 204, { location: '/next' }).end();
      const { context } = stepOf(base, http(`${origin}/`, { method: 'POST', body: 'body' }));
      expect(await open.execute(context)).toMatchObject({ kind: 'succeeded' });
      expect(seen[1]).toMatchObject({ url: '/next', method, body });
    });

    it('to another origin gets no credentials', async () => {
      const other = createServer((request, response) => {
        seen.push({ method: '', url: 'other', headers: request.headers, body: '' });
        response.end();
      });
      others.push(other);
      const elsewhere = await listen(other);
      answer = (_, response) => response.writeHead(302, { location: elsewhere }).end();
      const headers = { Authorization: 'Bearer t', 'X-Api-Key': 'k', Accept: 'text/plain' };
      const { context } = stepOf(base, http(origin, { headers }));
      expect(await open.execute(context)).toMatchObject({ kind: 'succeeded' });
      expect(seen[1]?.headers).toMatchObject({ accept: 'text/plain' });
      expect(Object.keys(seen[1]?.headers ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
      expect(Object.keys(seen[1]?.headers ?? {})).not.toEqual(expect.arrayContaining(['x-api-key']));
    });
  });

  describe('the guard', () => {
    it.each([
      ...[
        'http://127.0.0.1/',
        'http://127.1/',
        'http://2130706433/',
        'http://0x7f000001/',
        'http://017700000001/',
      ],
      ...['http://localhost/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/'],
      ...[
        'http://0/',
        'http://169.254.169.254/latest/meta-data',
        'http://10.0.0.1/',
        'http://[fd00::1]/',
        'http://100.64.0.1/',
      ],
      ...['file:///etc/passwd', 'ftp://example.org/'],
    ])('refuses to call %s', async (url) => {
      const { port } = new URL(origin);
      const target = url.startsWith('http') ? url.replace(/^(http:\/\/[^/]+)/, `$1:${port}`) : url;
      const { context } = stepOf(base, http(target));
      expect(await guarded.execute(context)).toMatchObject({
        kind: 'failed',
        failure: { code: 'address_not_allowed', retryable: false },
      });
      expect(seen).toEqual([]);
    });

    it('says so where the URL is none', async () => {
      const { context } = stepOf(base, http('http://[oops'));
      expect(await guarded.execute(context)).toMatchObject({
        kind: 'failed',
        failure: { code: 'invalid_request' },
      });
    });
  });
});
