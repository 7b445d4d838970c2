import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/persistence/embedded-postgres.js';
import { freePort, startProcess, until, type StartedProcess } from '../startup/processes.js';

const EMAIL = 'admin@example.org';
const PASSWORD = 'a password that no log may hold';
const FORGED = '{"level":60,"msg":"forged"}';
const ESCAPE = '\u001b[2J';

describe('the log of the process', () => {
  let dataDir: string;
  let port: number;
  let server: StartedProcess;
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'log-injection-'));
    port = await freePort();
    server = startProcess({
      ...{ DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'trace' },
      ...{ ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: PASSWORD },
    });
    await until(() => server.output().includes('is ready'), server.output);
  });
  afterAll(async () => {
    server.child.kill('SIGTERM');
    await server.exited;
    await (await startEmbeddedPostgres(dataDir)).stop();
    await rm(dataDir, { recursive: true });
  });

  const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url(path), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  /** What no HTTP client would send. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => (answer += String(chunk)));
      for (const end of ['close', 'error'] as const) socket.once(end, () => resolve(answer));
    });
  const said = (word: string): boolean => server.output().includes(word);

  it('is one JSON object a line whatever a caller sends, without escapes, forged lines, passwords and tokens', async () => {
    const login = await post('/auth/login', { email: EMAIL, password: PASSWORD });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const bearer = { Authorization: `Bearer ${token}` };
    const wrong = `wrong password of ${Date.now()}`;
    await post('/auth/login', { email: `a\n${FORGED}${ESCAPE}@example.org`, password: wrong });
    await post('/runs', { profile: `x\n${FORGED}${ESCAPE}`, intake: `${FORGED}\n${ESCAPE}` }, bearer);
    await post('/secrets', { name: 'API_KEY', value: 'a secret that no log may hold' }, bearer);
    await fetch(url(`/runs/%0a${encodeURIComponent(FORGED + ESCAPE)}?token=in-the-query`), {
      headers: { ...bearer, 'User-Agent': FORGED, 'X-Forwarded-For': `1.2.3.4 ${FORGED}` },
    });
    await raw(`GET /runs/\n${FORGED}\n HTTP/1.1\r\nHost: x\r\n\r\n`);
    await raw(`GET /raw${ESCAPE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    await fetch(url('/runs/the-last-request'), { headers: bearer });
    await until(() => Promise.resolve(said('the-last-request')), server.output);

    const lines = server.output().split('\n');
    const first = lines.findIndex((line) => line.startsWith('{'));
    const structured = lines.slice(first).filter((line) => line.startsWith('{'));
    expect(structured.length).toBeGreaterThan(5);
    for (const line of structured) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines).not.toContain(FORGED);
    expect(server.output()).not.toContain('\u001b');
    for (const hidden of [PASSWORD, wrong, token, 'a secret that no log', 'in-the-query']) {
      expect(said(hidden)).toBe(false);
    }
  });
});
