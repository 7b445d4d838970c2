import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SecretCipher } from '../../src/secrets/secret-cipher.js';
import { WebhookDeliverer } from '../../src/webhooks/webhook-deliverer.js';
import type { WebhookDto, WebhookWithSecretDto } from '../../src/webhooks/dto/webhook.dto.js';
import { accountOf, publishWaiting, reserve, tokens, waitingRun } from '../budgets/spending.js';
import { commands, createRun, publish, runUntil } from '../runs/run-steps.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { answering, isSignedWith, neverAnswering, Receiver, resetting } from './receiver.js';
import { createWebhook, deliveriesOf, deliveryUntil, QUICK_WEBHOOKS, sendTest } from './webhook-steps.js';

const OLD_KEY = 'the secret key before the present one was set';

describe('a webhook', () => {
  const receiver = new Receiver();
  let api: TestApp;
  let number = 0;
  let path = '';

  beforeAll(async () => {
    await receiver.start();
    const config = { webhooks: QUICK_WEBHOOKS, allowPrivateAddresses: true, previousSecretKey: OLD_KEY };
    api = await startTestApp({ limits: QUICK, config });
    await publish(api.admin, 'two_phases', commands({ first: 'true', second: 'true' }));
    await publish(api.admin, 'quick', commands({ only: 'true' }));
  });
  beforeEach(() => {
    path = `/hook-${String((number += 1))}`;
  });
  afterAll(async () => {
    await api.stop();
    await receiver.stop();
  });

  /** A webhook for the runs of one project, which is its path. */
  const hook = (more: object = {}): Promise<WebhookWithSecretDto> =>
    createWebhook(api.member, receiver.url(path), { project: path, ...more });
  const completeRun = (profile = 'quick'): Promise<string> =>
    createRun(api.member, profile, { project_name: path, auto_advance: true });
  const show = async (id: string): Promise<WebhookDto> =>
    (await api.member.get<WebhookDto>(`/webhooks/${id}`)).body;

  it('is told what it wants to know, signed, in order and once', async () => {
    const { webhook_id: id, secret } = await hook({
      event_types: ['run.created', 'phase.completed', 'run.completed'],
    });
    const runId = await completeRun('two_phases');
    const received = await receiver.until(path, 4);
    expect(received.map(({ message }) => [message.type, message.data.phase])).toEqual([
      ['run.created', null],
      ['phase.completed', 'first'],
      ['phase.completed', 'second'],
      ['run.completed', null],
    ]);
    expect(received.every((one) => isSignedWith(secret, one))).toBe(true);
    expect(received.every((one) => isSignedWith(`${secret.slice(0, -4)}AAA=`, one))).toBe(false);
    const { message, headers } = received[3] ?? {};
    const run = await runUntil(api.member, runId, ({ status }) => status === 'completed');
    expect(message).toMatchObject({
      id: `${runId}.${String(message?.data.sequence)}`,
      data: {
        run_id: runId,
        run: { run_id: runId, project_name: path, status: 'completed', owner: run.owner },
      },
    });
    const deliveries = await eventually(
      () => deliveriesOf(api.member, id),
      (seen) => seen.every(({ status }) => status === 'delivered'),
    );
    expect(deliveries).toHaveLength(4);
    expect(deliveries[0]).toMatchObject({
      ...{ delivery_id: headers?.['webhook-id'], type: 'run.completed', run_id: runId, tries: 1 },
      ...{ response_status: 200, response_text: 'thanks', error: null, next_try_at: null },
    });
    expect(receiver.at(path)).toHaveLength(4);
  });

  it('is told again what it refused, dropped or did not answer, under the same id', async () => {
    const { webhook_id: id } = await hook();
    receiver.react(path, answering(500, 'not now'), resetting);
    await completeRun();
    const delivery = await deliveryUntil(api.member, id, 'delivered');
    expect(delivery.tries).toBe(3);
    expect(new Set(receiver.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    receiver.react(path, neverAnswering);
    await completeRun();
    await receiver.until(path, 5);
    expect(await deliveryUntil(api.member, id, 'delivered')).toMatchObject({ tries: 2, error: null });
  });

  it('is left alone as long as it asks', async () => {
    const { webhook_id: id } = await hook();
    receiver.react(path, answering(503, 'busy', { 'Retry-After': '3600' }));
    await completeRun();
    await receiver.until(path, 1);
    const delivery = await eventually(
      async () => (await deliveriesOf(api.member, id))[0],
      (seen) => seen?.response_status === 503,
    );
    expect(delivery?.status).toBe('pending');
    expect(Date.parse(delivery?.next_try_at ?? '')).toBeGreaterThan(Date.now() + 3_500_000);
  });

  it('is given up after its tries, says what was answered, and delivers by hand once more', async () => {
    const { webhook_id: id, secret } = await hook();
    const echo = answering(500, `you said ${secret}\u001b[31m\n${'x'.repeat(5000)}`);
    receiver.react(path, echo, echo, echo);
    await completeRun();
    const failed = await deliveryUntil(api.member, id, 'failed');
    expect(failed).toMatchObject({ tries: 3, response_status: 500, error: 'The receiver answered 500.' });
    expect(failed.response_text).toMatch(/^you said \*\*\*\?\[31m\nx{900,1024}$/u);
    expect((await show(id)).failing_since).not.toBeNull();
    const again = await api.member.post(`/webhooks/${id}/deliveries/${failed.delivery_id}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { delivery_id: failed.delivery_id } });
    await deliveryUntil(api.member, id, 'delivered');
    expect((await show(id)).failing_since).toBeNull();
    expect(new Set(receiver.at(path).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('is sent a delivery once, however many are at it', async () => {
    const { webhook_id: id } = await hook();
    await completeRun();
    const { delivery_id: deliveryId } = await deliveryUntil(api.member, id, 'delivered');
    let release: () => void = () => undefined;
    receiver.react(path, (response) => {
      release = () => response.end();
    });
    const redeliver = `/webhooks/${id}/deliveries/${deliveryId}/redeliver`;
    expect((await api.member.post(redeliver)).status).toBe(202);
    const deliverer = api.app.get(WebhookDeliverer, { strict: false });
    const rivals = Promise.all(Array.from({ length: 8 }, () => deliverer.deliver(deliveryId)));
    await receiver.until(path, 2);
    expect(await api.member.post(redeliver)).toMatchObject({
      status: 409,
      body: { code: 'delivery_pending' },
    });
    release();
    await rivals;
    await deliveryUntil(api.member, id, 'delivered');
    expect(receiver.at(path)).toHaveLength(2);
  });

  it('is turned off by 410, which the audit list tells, and can be turned on again', async () => {
    const { webhook_id: id } = await hook();
    receiver.react(path, answering(410));
    await completeRun();
    const gone = await deliveryUntil(api.member, id, 'failed');
    expect(gone.tries).toBe(1);
    expect(await show(id)).toMatchObject({
      active: false,
      off_reason: 'The receiver answered 410: it wants no more.',
    });
    await eventually(
      () => api.admin.get<{ entries: { target: string }[] }>('/audit?action=webhook%20turned%20off'),
      ({ body }) => body.entries.some(({ target }) => target.includes(id)),
    );
    const redeliver = `/webhooks/${id}/deliveries/${gone.delivery_id}/redeliver`;
    expect(await api.member.post(redeliver)).toMatchObject({ status: 409, body: { code: 'webhook_off' } });
    const on = await api.member.patch(`/webhooks/${id}`, { active: true });
    expect(on.body).toMatchObject({ active: true, off_reason: null, failing_since: null });
  });

  it('is turned off where nothing arrived for too long', async () => {
    const { webhook_id: id } = await hook();
    await api.database.dataSource.query(
      `UPDATE webhooks SET failing_since = now() - interval '2 hours' WHERE id = $1`,
      [id],
    );
    receiver.react(path, answering(503));
    await completeRun();
    const { off_reason: reason } = await eventually(
      () => show(id),
      ({ active }) => !active,
    );
    expect(reason).toMatch(/^Nothing could be delivered since \d{4}-/u);
  });

  it('is told nothing while it is off, and from then on when it is on again', async () => {
    const { webhook_id: id } = await hook({ active: false });
    await runUntil(api.member, await completeRun(), ({ status }) => status === 'completed');
    await api.member.patch(`/webhooks/${id}`, { active: true });
    const told = await completeRun();
    await receiver.until(path, 1);
    expect(receiver.at(path).map(({ message }) => message.data.run_id)).toEqual([told]);
    expect((await deliveriesOf(api.member, id)).map(({ run_id: run }) => run)).toEqual([told]);
  });

  it('can be tried out, and its redirects are not followed', async () => {
    const { webhook_id: id, secret } = await hook({ active: false });
    expect(await sendTest(api.member, id)).toMatchObject({
      ...{ type: 'webhook.test', status: 'delivered', run_id: null, response_status: 200 },
    });
    expect(receiver.at(path).every((one) => isSignedWith(secret, one))).toBe(true);
    receiver.react(path, answering(307, '', { location: receiver.url(`${path}/elsewhere`) }));
    expect(await sendTest(api.member, id)).toMatchObject({
      status: 'failed',
      error: 'The receiver answered 307; redirects are not followed.',
    });
    expect(receiver.at(`${path}/elsewhere`)).toEqual([]);
  });

  it('signs with both secrets for a day after a rotation, and with the new one alone after it', async () => {
    const { webhook_id: id, secret: before } = await hook();
    const { body } = await api.member.post<WebhookWithSecretDto>(`/webhooks/${id}/secret`);
    await sendTest(api.member, id);
    await api.database.dataSource.query('UPDATE webhooks SET previous_until = now() WHERE id = $1', [id]);
    await sendTest(api.member, id);
    const signed = (secret: string): boolean[] =>
      receiver.at(path).map((received) => isSignedWith(secret, received));
    expect([signed(body.secret), signed(before)]).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it('keeps its secret sealed: no answer, list or table shows it, and a new SECRET_KEY seals it anew', async () => {
    const { webhook_id: id, secret } = await hook();
    await sendTest(api.member, id);
    await api.member.patch(`/webhooks/${id}`, { name: 'renamed' });
    const seen = [
      await api.member.get('/webhooks'),
      await api.member.get(`/webhooks/${id}`),
      await api.member.get(`/webhooks/${id}/deliveries`),
      await api.admin.get('/audit?limit=200'),
      await api.database.dataSource.query('SELECT w::text, d::text FROM webhooks w, webhook_deliveries d'),
    ];
    expect(JSON.stringify(seen)).not.toContain(secret.slice('whsec_'.length));
    const before = new SecretCipher({ secretKey: OLD_KEY, previousSecretKey: null } as never);
    const sealed = before.seal(secret, `webhook:${id}`);
    await api.database.dataSource.query(
      'UPDATE webhooks SET sealed_secret = $2, previous_secret = $2 WHERE id = $1',
      [id, sealed],
    );
    expect((await api.admin.post('/secrets/rotate')).body).toEqual({ resealed: 2, unreadable: 0 });
    const [row] = await api.database.dataSource.query<{ sealed_secret: string; previous_secret: string }[]>(
      'SELECT sealed_secret, previous_secret FROM webhooks WHERE id = $1',
      [id],
    );
    expect([row?.sealed_secret === sealed, row?.previous_secret === sealed]).toEqual([false, false]);
    await sendTest(api.member, id);
    expect(receiver.at(path).every((one) => isSignedWith(secret, one))).toBe(true);
  });

  it('tells that a person is asked to approve', async () => {
    await publish(api.admin, 'asks', [{ name: 'design', steps: [{ id: 'signoff', approval: {} }] }]);
    await hook({ event_types: ['phase.awaiting_approval'] });
    await completeRun('asks');
    const [received] = await receiver.until(path, 1);
    expect(received?.message).toMatchObject({
      type: 'phase.awaiting_approval',
      data: { phase: 'design', run: { waiting_on: { kind: 'approval' } } },
    });
  });

  it('tells that four fifths of a budget are spent', async () => {
    await publishWaiting(api, 'thinks');
    await hook({ event_types: ['budget.warning'] });
    const place = await waitingRun(api, 'thinks', { project_name: path, budget: { max_tokens: 1000 } });
    const { callId } = await reserve(api, place, tokens(800, 0));
    await accountOf(api).settle(callId ?? '', tokens(800, 0));
    const [received] = await receiver.until(path, 1);
    expect(received?.message).toMatchObject({ type: 'budget.warning', data: { run_id: place.runId } });
    expect(received?.message.data.details).not.toEqual({});
  });
});
