import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ClaimAnswerDto } from '../../src/execution/remote/worker-answers.dto.js';
import type { WebhookDeliveryDto } from '../../src/webhooks/dto/webhook-delivery.dto.js';
import { artifactsOf, createRun, next, runUntil } from '../runs/run-steps.js';
import type { TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { accountMakers, idOf } from './accounts.js';
import type { Bundle } from './bundles.js';
import { publishProfiles } from './profiles.js';

/** Where nobody listens. */
export const NOWHERE = 'http://127.0.0.1:9/';
const WORK = { phase: 'work', step: 'do' };

/** Takes the calls of `http` steps, and remembers the addresses that may answer them. */
async function startService(): Promise<{ url: string; callbacks: Map<string, string>; stop: () => void }> {
  const callbacks = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(String(request.headers['x-orchestrator-callback-url']));
    void text(request).then((runId) => {
      callbacks.set(runId, url.pathname.split('/').at(-1) ?? '');
      response.writeHead(202).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${String(port)}/`, callbacks },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface Objects {
  readonly makers: Readonly<Record<string, () => Promise<Bundle>>>;
  stop(): void;
}

/** Says how to make an object of every kind that a route is about. */
export async function startObjects(api: TestApp): Promise<Objects> {
  const service = await startService();
  await publishProfiles(api.admin, service.url);
  const makers = {
    ...accountMakers(api),
    ...thingMakers(api),
    ...runMakers(api),
    callback: async () => {
      const runId = await started(api, 'called');
      await eventually(
        () => Promise.resolve(service.callbacks.get(runId)),
        (token) => token !== undefined,
      );
      return { values: { token: service.callbacks.get(runId) } };
    },
  };
  return { makers, stop: service.stop };
}

async function started({ admin, database }: TestApp, profile: string): Promise<string> {
  // Other requests made budgets: one for everybody would hold every run.
  await database.dataSource.query(
    `UPDATE budgets SET max_cost_usd = NULL, max_tokens = 1000000000 WHERE kind <> 'project'`,
  );
  const runId = await createRun(admin, profile, { intake: 'Something.' });
  await next(admin, runId, {}, { Prefer: profile === 'sample' ? 'wait=30' : 'respond-async' });
  return runId;
}

function thingMakers({ admin, database }: TestApp): Objects['makers'] {
  const made =
    (path: string, body: object, more: object = {}) =>
    async () => {
      const unique = randomUUID().slice(0, 8);
      const filled = JSON.parse(JSON.stringify(body).replaceAll('UNIQUE', unique)) as object;
      return { values: { ...(await idOf(admin, path, filled)), ...more } };
    };
  const run = { profile: 'sample' };
  return {
    profile: () => Promise.resolve({ values: { name: 'sample', version: '1' } }),
    template: async () => {
      const name = `fuzzed_${randomUUID().slice(0, 8)}`;
      await admin.putJson(`/templates/${name}`, { profile: 'sample', preset: {} });
      return { values: { name, profile: 'sample' } };
    },
    schedule: made('/schedules', { name: 'Fuzzed UNIQUE', cron: '0 2 * * MON', run }),
    secret: made('/secrets', { name: 'FUZZED', value: 'a value', project: 'UNIQUE' }),
    budget: made('/budgets', { kind: 'project', subject: 'UNIQUE', period: 'month', max_tokens: 1000 }),
    provider: made(
      '/providers',
      { kind: 'openai', name: 'fuzzed-UNIQUE', key: 'a-key', base_url: 'http://127.0.0.1:9/v1' },
      { base_url: 'http://127.0.0.1:9/v1' },
    ),
    webhook: async () => {
      const hook = await idOf(admin, '/webhooks', {
        ...{ name: 'Fuzzed', url: NOWHERE, event_types: ['run.created'] },
      });
      const { body } = await admin.post<WebhookDeliveryDto>(`/webhooks/${String(hook['webhook_id'])}/test`);
      return { values: { ...hook, delivery_id: body.delivery_id } };
    },
    price: async () => {
      const model = `fuzzed-${randomUUID().slice(0, 8)}`;
      const price = { input: '3', output: '15', cache_read: '0.3', cache_write: '3.75' };
      await admin.putJson(`/prices/openai/${model}`, price);
      return { values: { provider: 'openai', model, ...price } };
    },
    call: async () => {
      const [run] = await database.dataSource.query<object[]>(
        `INSERT INTO model_calls (id, run_id, phase_attempt_id, owner_id, project, profile, phase, step, agent_id,
           provider, model, reserved_tokens, state, at)
         SELECT gen_random_uuid(), r.id, a.id, r.owner_id, 'fuzzed', 'sample', 'work', 'do', 'a',
           'openai', 'gpt-5', 100, 'unknown', now()
         FROM runs r JOIN phase_attempts a ON a.run_id = r.id LIMIT 1 RETURNING id AS call_id`,
      );
      return { values: { ...run } };
    },
  };
}

function runMakers(api: TestApp): Objects['makers'] {
  const { admin } = api;
  const waiting = (profile: string) => async () => ({
    values: { run_id: await started(api, profile), ...WORK },
  });
  return {
    finished: async () => {
      const runId = await started(api, 'sample');
      const [artifact] = await artifactsOf(admin, runId, 'work');
      return { values: { run_id: runId, ...WORK, artifact_id: artifact?.artifact_id } };
    },
    'fresh-run': async () => ({ values: { run_id: await createRun(admin, 'sample'), ...WORK } }),
    compared: async () => ({ values: { a: await started(api, 'sample'), b: await started(api, 'sample') } }),
    paused: async () => {
      const runId = await createRun(admin, 'sample');
      await admin.post(`/runs/${runId}/pause`);
      return { values: { run_id: runId } };
    },
    failed: async () => {
      const runId = await started(api, 'failing');
      await runUntil(admin, runId, ({ status }) => status === 'failed');
      return { values: { run_id: runId, ...WORK, from_step: null } };
    },
    approval: waiting('approved'),
    'waiting-step': waiting('claimed'),
    optional: waiting('skipped'),
    claim: async () => {
      await started(api, 'claimed');
      const asked = { name: 'fuzz', labels: ['fuzz'], wait_seconds: 10 };
      const { body } = await eventually(
        () => admin.post<ClaimAnswerDto>('/worker/claim', asked),
        ({ status }) => status === 200,
      );
      return { values: { id: body.step.id, lease_token: body.lease.token } };
    },
    share: async () => {
      const runId = await createRun(admin, 'sample');
      const shared = await admin.putJson<{ share_id: string }>(`/runs/${runId}/shares`, {
        ...{ email: null, role: 'viewer' },
      });
      return { values: { run_id: runId, share_id: shared.body.share_id } };
    },
    comment: async () => {
      const runId = await createRun(admin, 'sample');
      return { values: { run_id: runId, ...(await idOf(admin, `/runs/${runId}/comments`, { body: 'A.' })) } };
    },
  };
}
