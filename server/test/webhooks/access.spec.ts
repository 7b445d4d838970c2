import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { closeApiServer, createApiServer } from '../../src/startup/api-server.js';
import type { WebhooksDto, WebhookWithSecretDto } from '../../src/webhooks/dto/webhook.dto.js';
import { commands, createRun, publish } from '../runs/run-steps.js';
import { ApiClient, signIn } from '../support/api-client.js';
import { emailOf, PASSWORD, QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { testConfig } from '../support/test-config.js';
import { eventually } from '../support/until.js';
import { Receiver } from './receiver.js';
import { createWebhook, deliveriesOf, deliveryUntil, QUICK_WEBHOOKS, sendTest } from './webhook-steps.js';

describe('what a webhook is told', () => {
  const receiver = new Receiver();
  let api: TestApp;
  let number = 0;
  let path = '';

  beforeAll(async () => {
    await receiver.start();
    const config = { webhooks: QUICK_WEBHOOKS, allowPrivateAddresses: true };
    api = await startTestApp({ limits: QUICK, config });
    await publish(api.admin, 'quick', commands({ only: 'true' }));
    await publish(api.admin, 'other', commands({ only: 'true' }));
  });
  beforeEach(() => {
    path = `/hook-${String((number += 1))}`;
  });
  afterAll(async () => {
    await api.stop();
    await receiver.stop();
  });

  const hook = (client: ApiClient, more: object = {}): Promise<WebhookWithSecretDto> =>
    createWebhook(client, receiver.url(path), { event_types: ['run.created'], project: path, ...more });
  const run = (client: ApiClient, profile = 'quick', project = path): Promise<string> =>
    createRun(client, profile, { project_name: project });
  const toldRuns = (): string[] => receiver.at(path).map(({ message }) => message.data.run_id);
  const keyOf = async (client: ApiClient, scopes: string[]): Promise<ApiClient> => {
    const { body } = await client.post<{ key: string }>('/api-keys', { name: 'narrow', scopes });
    return new ApiClient(api.url, { 'X-API-Key': body.key });
  };

  it('is of its owner’s runs, and of those that are shared with them', async () => {
    await hook(api.member, { event_types: ['run.created', 'run.cancelled'] });
    const hidden = await run(api.otherMember);
    const shared = await run(api.otherMember);
    const share = await api.otherMember.putJson(`/runs/${shared}/shares`, {
      email: emailOf('member'),
      role: 'viewer',
    });
    expect(share.status).toBe(200);
    for (const id of [hidden, shared]) await api.otherMember.post(`/runs/${id}/cancel`);
    const own = await run(api.member);
    await receiver.until(path, 2);
    expect(toldRuns().sort()).toEqual([shared, own].sort());
  });

  it('is of all runs only for administrators who want that', async () => {
    const all = await hook(api.admin, { scope: 'all' });
    await createWebhook(api.admin, receiver.url(`${path}/mine`), {
      event_types: ['run.created'],
      project: path,
    });
    const id = await run(api.member);
    await receiver.until(path, 1);
    expect(toldRuns()).toEqual([id]);
    expect(receiver.at(`${path}/mine`)).toEqual([]);
    const refused = await api.member.post('/webhooks', {
      ...{ name: 'all', url: receiver.url(path), event_types: ['run.created'], scope: 'all' },
    });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    await api.admin.delete(`/webhooks/${all.webhook_id}`);
  });

  it('is of the profile and the project that it names', async () => {
    await hook(api.member, { profile: 'quick' });
    await run(api.member, 'other');
    await run(api.member, 'quick', `${path}-other`);
    const told = await run(api.member);
    await receiver.until(path, 1);
    expect(toldRuns()).toEqual([told]);
  });

  it('is nothing any more where the run is not shared any more, although it was due', async () => {
    const { webhook_id: id } = await hook(api.member, { event_types: ['run.cancelled'] });
    const shared = await run(api.otherMember);
    const { body } = await api.otherMember.putJson<{ share_id: string }>(`/runs/${shared}/shares`, {
      email: emailOf('member'),
      role: 'viewer',
    });
    receiver.react(path, (response) => {
      const unshared = api.otherMember.delete(`/runs/${shared}/shares/${body.share_id}`);
      void unshared.then(({ status }) => response.writeHead(status === 204 ? 500 : 200).end());
    });
    await api.otherMember.post(`/runs/${shared}/cancel`);
    const dropped = await deliveryUntil(api.member, id, 'dropped');
    expect(dropped).toMatchObject({
      tries: 2,
      error: 'The webhook does not cover the run, or its owner may not see it.',
    });
    expect(toldRuns()).toEqual([shared]);
  });

  it('is nothing for somebody whose account is disabled or may have no webhooks any more', async () => {
    const person = { email: emailOf(path.slice(1)), name: 'leaver', role: 'member', password: PASSWORD };
    const { body } = await api.admin.post<{ user_id: string }>('/users', person);
    const client = await signIn(api.url, person.email, PASSWORD);
    const { webhook_id: id } = await hook(client);
    const id1 = await run(client);
    await receiver.until(path, 1);
    for (const change of [{ disabled: true }, { disabled: false, role: 'viewer' }]) {
      expect((await api.admin.patch(`/users/${body.user_id}`, change)).status).toBe(200);
      expect(await sendTest(api.admin, id)).toMatchObject({ status: 'dropped' });
    }
    const query = `SELECT count(*)::int AS events FROM webhook_deliveries WHERE webhook_id = $1 AND type <> 'webhook.test'`;
    expect(await api.database.dataSource.query(query, [id])).toEqual([{ events: 1 }]);
    expect(toldRuns()).toEqual([id1]);
  });

  it('is the business of its owner and of administrators; others do not find it', async () => {
    const { webhook_id: id } = await hook(api.member);
    const { delivery_id: delivery } = await sendTest(api.member, id);
    const ways = (client: ApiClient) => [
      client.get(`/webhooks/${id}`),
      client.get(`/webhooks/${id}/deliveries`),
      client.patch(`/webhooks/${id}`, { name: 'theirs' }),
      client.post(`/webhooks/${id}/test`),
      client.post(`/webhooks/${id}/secret`),
      client.post(`/webhooks/${id}/deliveries/${delivery}/redeliver`),
      client.delete(`/webhooks/${id}`),
    ];
    const statuses = async (client: ApiClient): Promise<number[]> =>
      (await Promise.all(ways(client))).map(({ status }) => status);
    expect(new Set(await statuses(api.otherMember))).toEqual(new Set([404]));
    expect(new Set(await statuses(api.viewer))).toEqual(new Set([403]));
    const { body } = await api.otherMember.get<WebhooksDto>('/webhooks');
    expect(body.webhooks.map(({ webhook_id: seen }) => seen)).not.toContain(id);
    expect((await api.admin.get(`/webhooks/${id}`)).status).toBe(200);
    expect((await api.admin.delete(`/webhooks/${id}`)).status).toBe(204);
    expect((await api.member.get(`/webhooks/${id}`)).status).toBe(404);
  });

  it('is never more than the key may see with which it is made', async () => {
    const body = { name: 'narrow', url: receiver.url(path), event_types: ['run.created'] };
    const blind = await keyOf(api.member, ['webhooks:manage']);
    expect((await blind.post('/webhooks', body)).status).toBe(403);
    const narrow = await keyOf(api.admin, ['webhooks:manage', 'runs:read']);
    expect((await narrow.post('/webhooks', { ...body, scope: 'all' })).status).toBe(403);
    const all = await hook(api.admin, { scope: 'all' });
    const change = await narrow.patch(`/webhooks/${all.webhook_id}`, { url: receiver.url('/stolen') });
    expect(change.status).toBe(403);
    await api.admin.delete(`/webhooks/${all.webhook_id}`);
  });

  it.each([
    [{ url: 'ftp://example.org' }],
    [{ url: 'https://user:word@example.org' }],
    [{ event_types: [] }],
    [{ event_types: ['run.imagined'] }],
    [{ event_types: ['run.created', 'run.created'] }],
    [{ scope: 'everything' }],
    [{ name: null }],
    [{ secret: 'mine' }],
  ])('is refused as %j', async (wrong) => {
    const body = { name: 'wrong', url: receiver.url(path), event_types: ['run.created'], ...wrong };
    expect(await api.member.post('/webhooks', body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });

  it('goes to no more than fifty addresses of one person, however fast they are made', async () => {
    const body = { name: 'many', url: receiver.url(path), event_types: ['run.created'], active: false };
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => api.otherMember.post<{ code?: string }>('/webhooks', body)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(new Set(answers.map(({ body: { code } }) => code))).toEqual(
      new Set([undefined, 'too_many_webhooks']),
    );
  });

  it('goes to public addresses alone, by https, where private ones are not allowed', async () => {
    const { webhook_id: id } = await hook(api.member);
    const values = testConfig(join(api.folder, 'strict'), api.database.url, {
      ...{ role: 'api', webhooks: QUICK_WEBHOOKS, rateLimitPerMinute: 0, rateLimitBurst: 0 },
    });
    const strict = await createApiServer(values, join(api.folder, 'no-console'));
    await strict.listen(0, '127.0.0.1');
    const { port } = strict.getHttpServer().address() as AddressInfo;
    const member = await signIn(`http://127.0.0.1:${String(port)}`, emailOf('member'), PASSWORD);
    const body = { name: 'plain', url: 'http://example.org/', event_types: ['run.created'] };
    expect((await member.post('/webhooks', body)).status).toBe(400);
    for (const url of [receiver.url(path), receiver.url(path).replace('127.0.0.1', 'localhost')]) {
      await api.database.dataSource.query('UPDATE webhooks SET url = $2 WHERE id = $1', [id, url]);
      expect(await sendTest(member, id)).toMatchObject({
        ...{ status: 'failed', response_status: null, response_text: null },
        error: expect.stringContaining('may not be called') as unknown,
      });
    }
    await closeApiServer(strict);
    expect(receiver.at(path)).toEqual([]);
  });

  it('is listed page by page, and by what came of it', async () => {
    const { webhook_id: id } = await hook(api.member);
    const made = [];
    for (let sent = 0; sent < 3; sent += 1) made.push((await sendTest(api.member, id)).number);
    const page = await api.member.get<{ next_before: number }>(`/webhooks/${id}/deliveries?limit=2`);
    expect(page.body).toMatchObject({ deliveries: [{ number: made[2] }, { number: made[1] }] });
    const rest = await api.member.get(
      `/webhooks/${id}/deliveries?limit=2&before=${String(page.body.next_before)}`,
    );
    expect(rest.body).toMatchObject({ deliveries: [{ number: made[0] }], next_before: null });
    const failed = await api.member.get(`/webhooks/${id}/deliveries?status=failed`);
    expect(failed.body).toEqual({ deliveries: [], next_before: null });
    expect(
      await eventually(
        () => deliveriesOf(api.member, id),
        (seen) => seen.length === 3,
      ),
    ).toHaveLength(3);
  });
});
