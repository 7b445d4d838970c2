import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { StepAttemptEntity } from '../../src/runs/step-attempt.entity.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import {
  artifactsOf,
  contentOf,
  createRun,
  detail,
  next,
  phaseOf,
  publish,
  runUntil,
} from '../runs/run-steps.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

/** What was called, and the address it was given. */
interface Call {
  readonly runId: string;
  readonly callback: string;
}

describe('an http step that waits for a callback', () => {
  let api: TestApp;
  let service: Server;
  let calls: Call[];
  /** Done before the call is answered. */
  let meanwhile: (call: Call) => Promise<unknown> = () => Promise.resolve();

  beforeAll(async () => {
    api = await startTestApp({ limits: QUICK, config: { allowPrivateAddresses: true } });
    calls = [];
    service = createServer((request, response) => {
      const callback = String(request.headers['x-orchestrator-callback-url']);
      void text(request).then(async (runId) => {
        const call = { runId, callback: new URL(callback).pathname };
        calls.push(call);
        await meanwhile(call);
        response.writeHead(202).end('taken');
      });
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((service.address() as AddressInfo).port)}`;
    const step = { id: 'call', retry: { attempts: 1 }, http: { url, body: '{{ run.id }}', callback: true } };
    const follow = { id: 'follow', needs: ['call'], command: 'true' };
    await publish(api.admin, 'called', [{ name: 'build', steps: [{ ...step, timeout: '10m' }, follow] }]);
    await publish(api.admin, 'short', [{ name: 'build', steps: [{ ...step, timeout: '2s' }] }]);
  });

  afterAll(async () => {
    service.closeAllConnections();
    service.close();
    await assertHealthy(api.database.dataSource);
    await api.stop();
  });

  const stepOf = async (runId: string) => phaseOf(await detail(api.member, runId), 'build').steps[0];
  const tell = (path: string, body: object = { status: 'succeeded' }) =>
    api.nobody.post<{ code: string }>(path, body);

  /** Starts a run and gives the address its service was given, once the step waits for it, or has waited in vain. */
  async function waiting(profile = 'called'): Promise<{ runId: string; path: string }> {
    const runId = await createRun(api.member, profile);
    await next(api.member, runId, {}, { Prefer: 'respond-async' });
    await eventually(
      () => stepOf(runId),
      (step) => step?.status === 'waiting' || step?.error?.code === 'callback_timeout',
    );
    return { runId, path: calls.find((call) => call.runId === runId)?.callback ?? '' };
  }

  it('holds no worker meanwhile, says what it awaits, and ends as the service tells', async () => {
    const { runId, path } = await waiting();
    const { waiting_on: waits } = await detail(api.member, runId);
    expect(waits).toMatchObject({
      kind: 'worker',
      detail: expect.stringMatching(/awaits the callback .* until 20/),
    });
    const { manager } = api.database.dataSource;
    expect(await manager.countBy(StepAttemptEntity, { runId, status: 'running' })).toBe(0);
    const body = { status: 'succeeded', summary: 'Built.', metrics: [{ name: 'build.size', value: 7 }] };
    expect((await tell(path, body)).status).toBe(204);
    const run = await runUntil(api.member, runId, ({ status }) => status === 'completed');
    expect(phaseOf(run, 'build').steps[0]).toMatchObject({ status: 'succeeded', summary: 'Built.' });
    const kept = (await artifactsOf(api.member, runId, 'build')).find(
      ({ path: at }) => at === 'callback.json',
    );
    expect(JSON.parse(await contentOf(api.member, runId, kept?.artifact_id ?? ''))).toEqual(body);
    const rows = await manager.query<unknown[]>('SELECT name, value FROM measurements WHERE run_id = $1', [
      runId,
    ]);
    expect(rows).toMatchObject([{ name: 'build.size', value: 7 }]);
  });

  it('fails the step with the reason that the service gives', async () => {
    const { runId, path } = await waiting();
    expect((await tell(path, { status: 'failed', message: 'No disk left.' })).status).toBe(204);
    const run = await runUntil(api.member, runId, ({ status }) => status === 'failed');
    expect(run.failure).toMatchObject({ code: 'callback_failed', message: 'No disk left.', step: 'call' });
  });

  it('takes a callback that comes before the answer to the call', async () => {
    meanwhile = ({ callback }) => tell(callback);
    const runId = await createRun(api.member, 'called');
    await next(api.member, runId, {}, { Prefer: 'respond-async' });
    await runUntil(api.member, runId, ({ status }) => status === 'completed');
    meanwhile = () => Promise.resolve();
  });

  it('serves once: the same again, and many at once, change nothing', async () => {
    const { runId, path } = await waiting();
    const answers = await Promise.all(Array.from({ length: 6 }, () => tell(path)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409, 409, 409, 409]);
    await runUntil(api.member, runId, ({ status }) => status === 'completed');
    const before = await detail(api.member, runId);
    expect(await tell(path, { status: 'failed' })).toMatchObject({
      status: 409,
      body: { code: 'callback_not_awaited' },
    });
    expect(await detail(api.member, runId)).toEqual(before);
  });

  it('refuses what was not signed here, and what was signed for another try or another time', async () => {
    const { runId, path } = await waiting();
    const [id = '', epoch = '', until = '', mac = ''] = path.replace('/callbacks/', '').split('.');
    const guessed = createHmac('sha256', 'guess').update(`${id}.${epoch}.${until}`).digest('base64url');
    const forged = [
      [id, epoch, until, guessed],
      [id, '2', until, mac],
      [id, epoch, String(Number(until) + 60), mac],
      ['0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10', epoch, until, mac],
      [id, epoch, until, ''],
      ['nonsense'],
    ];
    const before = await detail(api.member, runId);
    for (const parts of forged) {
      const { status, body } = await tell(`/callbacks/${parts.join('.')}`);
      expect({ parts, status, code: body.code }).toMatchObject({ status: 403, code: 'callback_invalid' });
    }
    expect(await detail(api.member, runId)).toEqual(before);
    expect((await tell(path)).status).toBe(204);
  });

  it('fails when nobody calls back in time, and refuses whoever does later', async () => {
    const { runId, path } = await waiting('short');
    const run = await runUntil(api.member, runId, ({ status }) => status === 'failed');
    expect(run.failure).toMatchObject({ code: 'callback_timeout', step: 'call' });
    expect(await tell(path)).toMatchObject({ status: 410, body: { code: 'callback_expired' } });
    expect(await detail(api.member, runId)).toEqual(run);
  });

  it('is taken while the run is paused, and what follows starts when it is resumed', async () => {
    const { runId, path } = await waiting();
    await api.member.post(`/runs/${runId}/pause`);
    expect((await tell(path)).status).toBe(204);
    const paused = await detail(api.member, runId);
    expect(phaseOf(paused, 'build').steps.map(({ status }) => status)).toEqual(['succeeded', 'pending']);
    await api.member.post(`/runs/${runId}/resume`);
    await runUntil(api.member, runId, ({ status }) => status === 'completed');
  });

  it('changes nothing of a cancelled run', async () => {
    const { runId, path } = await waiting();
    await api.member.post(`/runs/${runId}/cancel`);
    const before = await detail(api.member, runId);
    expect((await tell(path)).status).toBe(409);
    expect(await detail(api.member, runId)).toEqual(before);
  });

  it('refuses a body that is too large or says something else, and goes on waiting', async () => {
    const { runId, path } = await waiting();
    expect((await tell(path, { status: 'done' })).status).toBe(400);
    expect((await tell(path, { status: 'succeeded', shell: 'rm' })).status).toBe(400);
    expect((await tell(path, { status: 'failed', message: 'x'.repeat(300_000) })).status).toBe(413);
    expect((await stepOf(runId))?.status).toBe('waiting');
    expect((await tell(path)).status).toBe(204);
  });
});

it('limits how often an address may try', async () => {
  const api = await startTestApp({ config: { rateLimitPerMinute: 1000, rateLimitBurst: 5 } });
  try {
    const path = '/callbacks/nonsense';
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => api.nobody.post(path, { status: 'succeeded' })),
    );
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.headers.get('retry-after')).toBe('1');
  } finally {
    await api.stop();
  }
});
