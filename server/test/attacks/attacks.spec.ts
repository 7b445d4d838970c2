import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { operationsOf, readDocument, type Operation } from '../fuzz/operations.js';
import { commands, createRun, detail, next, publish } from '../runs/run-steps.js';
import { ApiClient } from '../support/api-client.js';
import { emailOf, PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';

describe('attacks', () => {
  const UUID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
  /** Signs nobody in and is called by services: a cookie changes nothing there. */
  const WITHOUT_COOKIE = ['setUp', 'login', 'receiveBackchannelLogout', 'receiveCallback'];

  /** Take a profile as text, and say themselves what is wrong with it. */
  const AS_TEXT = ['validateProfile', 'publishProfile'];

  let api: TestApp;
  let operations: readonly Operation[];
  let runId: string;
  beforeAll(async () => {
    api = await startTestApp({
      limits: { jsonBodyBytes: 100_000 },
      config: { corsOrigins: ['https://app.example.org'] },
    });
    operations = operationsOf(await readDocument());
    await publish(api.admin, 'attacked', commands({ work: 'echo hello' }));
    runId = await createRun(api.member, 'attacked', { project_name: 'theirs' });
    await next(api.member, runId);
  }, 150_000);
  afterAll(() => api.stop());

  const filled = (path: string): string => path.replaceAll('{run_id}', runId).replace(/\{\w+\}/gu, UUID);

  describe('CSRF', () => {
    it('does not pass any route that changes something and takes the cookie', async () => {
      const login = await api.nobody.raw('/auth/login', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: emailOf('admin'), password: PASSWORD }),
      });
      const set = login.headers.getSetCookie();
      for (const cookie of set) expect(cookie).toMatch(/HttpOnly; SameSite=Strict/u);
      const Cookie = set.map((cookie) => cookie.replace(/;.*/u, '')).join('; ');
      const victim = new ApiClient(api.url, { Cookie });
      const changing = operations.filter(
        ({ method, operationId }) => method !== 'GET' && !WITHOUT_COOKIE.includes(operationId),
      );
      expect(changing.length).toBeGreaterThan(40);
      const site: Record<string, string>[] = [
        { Origin: 'https://evil.example' },
        { Origin: 'null', 'Content-Type': 'text/plain' },
        { 'Sec-Fetch-Site': 'cross-site' },
      ];
      for (const { method, path, operationId } of changing) {
        for (const headers of site) {
          const answer = await victim.raw(filled(path), { method, headers });
          const { code } = (await answer.json()) as { code: string };
          expect([operationId, answer.status, code]).toEqual([operationId, 403, 'cross_site_request']);
        }
      }
      expect((await victim.get('/auth/me')).status).toBe(200);
    });

    it('is not opened by CORS: origins that are not listed may not read, and none may send credentials', async () => {
      const answer = await api.admin.raw('/runs', { headers: { Origin: 'https://evil.example' } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      const asked = await api.nobody.raw('/runs', {
        method: 'OPTIONS',
        headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
      });
      expect(asked.headers.get('access-control-allow-origin')).toBeNull();
      expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
      const allowed = await api.admin.raw('/runs', { headers: { Origin: 'https://app.example.org' } });
      expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
      expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    });
  });

  describe('SQL injection', () => {
    const payloads = [
      "' OR '1'='1",
      "theirs'; DROP TABLE runs; --",
      '1; SELECT pg_sleep(30)--',
      'created_at; DELETE FROM users',
      '-(SELECT 1)',
      "\\'); SELECT 1; --",
      '%',
      "' UNION SELECT id, email FROM users --",
    ];

    it('finds nothing through any filter and sort of any list', async () => {
      const lists = operations.filter(({ method }) => method === 'GET');
      let tried = 0;
      for (const { path, parameters, operationId } of lists) {
        for (const { name } of parameters.filter((parameter) => parameter.in === 'query')) {
          for (const payload of payloads) {
            const query = new URLSearchParams({ [name.replace('KEY', 'ticket')]: payload }).toString();
            const stranger = path.startsWith('/runs') || path === '/approvals';
            const caller = stranger ? api.otherMember : api.admin;
            const { status, body } = await caller.get(`${filled(path)}?${query}`);
            expect([operationId, name, payload, [200, 400, 404].includes(status)]).toEqual([
              ...[operationId, name, payload, true],
            ]);
            expect(JSON.stringify(body)).not.toMatch(/theirs"|syntax error|relation "/u);
            tried += 1;
          }
        }
      }
      expect(tried).toBeGreaterThan(150);
      expect((await detail(api.member, runId)).run_id).toBe(runId);
      expect((await api.admin.get('/users')).status).toBe(200);
    });

    it('finds nothing through the ids in paths', async () => {
      for (const payload of payloads) {
        for (const path of [
          `/runs/${encodeURIComponent(payload)}`,
          `/profiles/${encodeURIComponent(payload)}`,
        ]) {
          expect((await api.otherMember.get(path)).status).toBe(404);
        }
      }
    });
  });

  describe('path traversal', () => {
    const names = [
      '..',
      '../../etc/passwd',
      '..\\..\\x',
      '/etc/passwd',
      '%2e%2e%2f',
      'a/../../b',
      '\u0000',
      'nul',
    ];

    it('leads nowhere by the names of profiles and templates', async () => {
      for (const name of names) {
        const encoded = encodeURIComponent(name);
        for (const kind of ['profiles', 'templates']) {
          // A client resolves a segment that is only dots itself: then it is another route.
          const { status } = await api.admin.get(`/${kind}/${encoded}x`);
          expect([kind, name, status]).toEqual([kind, name, 404]);
        }
        const { status } = await api.admin.put(`/profiles/${encoded}x`, 'name: x', 'application/yaml');
        expect([name, status]).toEqual([name, 400]);
      }
    });

    it('leads nowhere by the ids and paths of downloads, nor by the console’s files', async () => {
      for (const name of names) {
        const { status } = await api.member.get(
          `/runs/${runId}/artifacts/${encodeURIComponent(name)}x/content`,
        );
        expect([name, status]).toEqual([name, 404]);
      }
      for (const path of [
        '/console/..%2f..%2fpackage.json',
        '/docs/..%2f..%2fpackage.json',
        '/%2e%2e/package.json',
      ]) {
        const text = await (await api.nobody.raw(path)).text();
        expect(text).not.toContain('"dependencies"');
      }
    });
  });

  describe('mass assignment', () => {
    it('sets no field that a body does not have, on any route', async () => {
      const foreign = {
        is_admin: true,
        owner_id: UUID,
        created_at: '2020-01-01T00:00:00Z',
        password_hash: 'x',
      };
      const bodies = operations.filter(
        ({ requestBody, operationId }) =>
          requestBody?.content['application/json'] !== undefined && !AS_TEXT.includes(operationId),
      );
      expect(bodies.length).toBeGreaterThan(40);
      for (const { method, path, operationId } of bodies) {
        const answer = await api.admin.raw(filled(path), {
          method,
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(foreign),
        });
        const { errors } = (await answer.json()) as { errors?: { pointer: string }[] };
        const told = (errors ?? []).map(({ pointer }) => pointer);
        expect([operationId, answer.status, told]).toEqual([
          ...[operationId, 400],
          expect.arrayContaining(Object.keys(foreign).map((name) => `/${name}`)),
        ]);
      }
    });
  });

  describe('prototype pollution', () => {
    it('changes no object, by any body', async () => {
      const evil = '{"admin":true,"isAdmin":true,"role":"admin"}';
      const bodies = [
        `{"profile":"attacked","__proto__":${evil}}`,
        `{"profile":"attacked","constructor":{"prototype":${evil}}}`,
        `{"profile":"attacked","metadata":{"__proto__":${evil}}}`,
        `{"profile":"attacked","metadata":{"constructor":{"prototype":${evil}}}}`,
        `{"profile":"attacked","parameters":{"__proto__":${evil}}}`,
      ];
      for (const body of bodies) {
        const { status } = await api.viewer.postText('/runs', body);
        expect(status).toBe(403);
        expect([201, 400, 422]).toContain((await api.member.postText('/runs', body)).status);
      }
      await api.admin.post('/profiles/validate?__proto__[admin]=1&constructor[prototype][admin]=1');
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
      expect((await api.member.get('/users')).status).toBe(403);
    });
  });

  describe('bodies', () => {
    it('that are too large are refused with 413, and those too deep or of another kind without an error', async () => {
      const large = JSON.stringify({ profile: 'attacked', intake: 'x'.repeat(120_000) });
      expect((await api.member.postText('/runs', large)).status).toBe(413);
      const deep = `{"profile":"attacked","metadata":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`;
      expect([201, 400, 422]).toContain((await api.member.postText('/runs', deep)).status);
      expect(
        (await api.member.postText('/runs', 'profile=attacked', { 'Content-Encoding': 'gzip' })).status,
      ).toBe(400);
    });

    it('that are YAML bombs are refused at once', async () => {
      const levels = Array.from({ length: 30 }, (_, level) => {
        const before = level === 0 ? 'x' : `*l${String(level - 1)}`;
        return `l${String(level)}: &l${String(level)} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
      });
      const { status, body } = await api.admin.put<{ code: string }>(
        '/profiles/bomb',
        levels.join('\n'),
        'application/yaml',
      );
      expect({ status, code: body.code }).toEqual({ status: 400, code: expect.any(String) });
    });

    it('that come slowly have a time limit, and hold up nobody', async () => {
      const server = api.app.getHttpServer();
      expect(server.headersTimeout).toBeGreaterThan(0);
      expect(server.headersTimeout).toBeLessThanOrEqual(60_000);
      expect(server.requestTimeout).toBeGreaterThan(0);
      expect(server.requestTimeout).toBeLessThanOrEqual(600_000);
      const sockets = Array.from({ length: 50 }, () => connect(Number(new URL(api.url).port), '127.0.0.1'));
      for (const socket of sockets) {
        socket.write('POST /runs HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{');
      }
      expect((await api.member.get(`/runs/${runId}`)).status).toBe(200);
      for (const socket of sockets) socket.destroy();
    });
  });

  describe('a connection that sends a byte at a time', () => {
    it.each([
      ['its headers', 'GET /auth/status HTTP/1.1\r\nHost: x\r\nX-Slow: '],
      [
        'its body',
        'POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{',
      ],
    ])('is closed by the time limit on %s, however busy it looks', async (_what, beginning) => {
      // A server with the limits of this one, a hundred times shorter, before the same application.
      const limits = api.app.getHttpServer();
      const impatient = createServer(
        {
          headersTimeout: limits.headersTimeout / 100,
          requestTimeout: limits.requestTimeout / 100,
          connectionsCheckingInterval: 50,
        },
        api.app.getHttpAdapter().getInstance() as RequestListener,
      ).listen(0, '127.0.0.1');
      await once(impatient, 'listening');
      const socket = connect((impatient.address() as AddressInfo).port, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
      socket.write(beginning);
      const drip = setInterval(() => socket.write('x'), 20);
      try {
        await new Promise((resolve) => socket.once('close', resolve));
        // Where it is still writing, it may see the end before the words.
        expect(answer).toMatch(/^(HTTP\/1.1 408|$)/u);
      } finally {
        clearInterval(drip);
        impatient.close();
      }
    });
  });

  describe('answers', () => {
    it('carry a policy without inline scripts and without other hosts', async () => {
      const { headers } = await api.nobody.get('/auth/status');
      const policy = String(headers.get('content-security-policy'));
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("object-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/script-src[^;]*(unsafe|https?:|\*)/u);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
    });

    it('are kept by no cache on the way: they are the caller’s alone', async () => {
      for (const path of ['/runs', '/auth/me', '/audit', '/users', '/auth/status', `/runs/${UUID}`]) {
        const { headers } = await api.admin.get(path);
        expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
      }
      const { headers } = await api.admin.get(`/runs/${runId}`);
      expect(headers.get('cache-control')).toBe('private, no-cache');
    });

    it('tell the figures of the process to those alone who may read them', async () => {
      expect((await api.nobody.raw('/metrics')).status).toBe(401);
      expect((await api.member.raw('/metrics')).status).toBe(403);
      expect(await (await api.admin.raw('/metrics')).text()).toContain('process_cpu_seconds_total');
    });

    it('hold no line that a caller could break into a header', async () => {
      const answer = await api.member.raw(`/runs/${runId}%0d%0aSet-Cookie:%20a=b`);
      expect(answer.status).toBe(404);
      expect(answer.headers.getSetCookie()).toEqual([]);
    });
  });
});
