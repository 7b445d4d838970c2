import { afterEach, describe, expect, it } from 'vitest';
import { ADMIN, MEMBER } from '../../../testing/fixtures';
import { ConsolePage, ok, problem } from '../../../testing/console-page';
import type { MeDto } from '../../api/generated/models';
import type { Webhook, WebhookDelivery } from './webhooks-gateway';

const WEBHOOK: Webhook = {
  ...{ webhook_id: 'w-1', owner_id: 'u-2', name: 'chat', url: 'https://example.org/hook' },
  ...{ event_types: ['run.completed'], scope: 'mine', profile: null, project: null },
  ...{ active: true, off_reason: null, failing_since: null, previous_secret_until: null },
  ...{ created_at: '2026-01-02T03:04:05.678Z', updated_at: '2026-01-02T03:04:05.678Z' },
};
const DELIVERY: WebhookDelivery = {
  ...{ delivery_id: 'd-1', number: 7, type: 'run.completed', run_id: 'r-1', sequence: 12, tries: 10 },
  ...{ status: 'failed', next_try_at: null, response_status: 503, response_text: 'try later' },
  ...{ duration_ms: 84, error: 'The receiver answered 503.' },
  ...{ created_at: '2026-01-02T03:04:05.678Z', tried_at: '2026-01-02T03:04:05.678Z' },
};
const OWNER: MeDto = { ...MEMBER, permissions: [...MEMBER.permissions, 'webhooks:manage'] };
const MANAGER: MeDto = {
  ...ADMIN,
  permissions: [...ADMIN.permissions, 'webhooks:manage', 'runs:read_all', 'settings:manage'],
};

describe('webhooks', () => {
  let page: ConsolePage;

  afterEach(() => page.close());

  const open = (who = OWNER, webhooks: readonly Webhook[] = [WEBHOOK]) =>
    ConsolePage.open('/settings/webhooks', who, { 'GET /webhooks': ok({ webhooks }) });

  it('are made with a secret that is shown once', async () => {
    page = await open(OWNER, []);
    expect(page.text).toContain('No webhooks');
    expect(page.text).not.toContain('all runs');
    page.answer('POST /webhooks', ok({ ...WEBHOOK, secret: 'whsec_shown' }, 201));
    page.answer('GET /webhooks', ok({ webhooks: [WEBHOOK] }));
    await page.type('#webhook-name', 'chat');
    await page.type('#webhook-url', 'https://example.org/hook');
    await page.submit();
    await page.until(() => page.text.includes('Copy the secret of chat now'));
    expect(page.text).toContain('whsec_shown');
    expect(page.sent('POST /webhooks')[0]?.body).toEqual({
      ...{ name: 'chat', url: 'https://example.org/hook', scope: 'mine', profile: null, project: null },
      event_types: ['run.completed', 'run.failed', 'phase.awaiting_approval'],
    });
    await page.click('I have it');
    expect(page.text).not.toContain('whsec_shown');
  });

  it('are changed, and have at least one event', async () => {
    page = await open(MANAGER);
    expect(page.text).toContain('all runs');
    page.answer('PATCH /webhooks/w-1', ok(WEBHOOK));
    await page.click('Change');
    const box = page
      .all('.types label')
      .find((label) => label.textContent.includes('run.completed'))
      ?.querySelector('input');
    box?.click();
    await page.submit();
    await page.until(() => page.text.includes('Choose at least one event.'));
    expect(page.sent('PATCH /webhooks/w-1')).toEqual([]);
    box?.click();
    await page.submit();
    await page.until(() => page.sent('PATCH /webhooks/w-1').length === 1);
    expect(page.sent('PATCH /webhooks/w-1')[0]?.body).toMatchObject({ event_types: ['run.completed'] });
  });

  it('show what was delivered and deliver it again', async () => {
    page = await open();
    page.answer('GET /webhooks/w-1/deliveries', ok({ deliveries: [DELIVERY], next_before: null }));
    await page.click('Deliveries');
    await page.until(() => page.text.includes('try later'));
    expect(page.text).toContain('The receiver answered 503.');
    expect(page.text).toContain('84 ms');
    const due = { ...DELIVERY, status: 'pending', next_try_at: DELIVERY.tried_at };
    page.answer('POST /webhooks/w-1/deliveries/d-1/redeliver', ok(due, 202));
    page.answer('GET /webhooks/w-1/deliveries', ok({ deliveries: [due], next_before: null }));
    await page.click('Deliver again');
    await page.until(() => page.text.includes('pending'));
  });

  it('are tried out, and say why they are off', async () => {
    page = await open(OWNER, [{ ...WEBHOOK, active: false, off_reason: 'The receiver answered 410.' }]);
    expect(page.text).toContain('The receiver answered 410.');
    page.answer('POST /webhooks/w-1/test', ok({ ...DELIVERY, type: 'webhook.test', run_id: null }));
    page.answer(
      'GET /webhooks/w-1/deliveries',
      ok({ deliveries: [{ ...DELIVERY, type: 'webhook.test', run_id: null }], next_before: null }),
    );
    await page.click('Test');
    await page.until(() => page.text.includes('webhook.test'));
  });

  it('that cannot be made say why', async () => {
    page = await open();
    page.answer('POST /webhooks', problem(400, 'The URL of the webhook must use https.'));
    await page.type('#webhook-name', 'chat');
    await page.type('#webhook-url', 'http://example.org/hook');
    await page.submit();
    await page.until(() => page.text.includes('The URL of the webhook must use https.'));
  });
});

describe('retention', () => {
  let page: ConsolePage;

  afterEach(() => page.close());

  const KEPT = {
    ...{ archive_days: 90, purge_days: null, upload_days: 7, content_days: 1, webhook_delivery_days: 30 },
    ...{ every_seconds: 3600, last_round: null },
  };

  it('says what is kept how long, and that nothing was removed yet', async () => {
    page = await ConsolePage.open('/settings/retention', MANAGER, { 'GET /retention': ok(KEPT) });
    expect(page.text).toContain('after 90 days');
    expect(page.text).toContain('never');
    expect(page.text).toContain('There was none yet.');
  });

  it('says what the last round removed', async () => {
    const round = {
      ...{ started_at: '2026-01-02T03:04:05.678Z', ended_at: '2026-01-02T03:04:06.678Z' },
      ...{ runs_archived: 3, runs_erased: 1, uploads_removed: 0, contents_removed: 12 },
      webhook_deliveries_removed: 4711,
    };
    page = await ConsolePage.open('/settings/retention', MANAGER, {
      'GET /retention': ok({ ...KEPT, last_round: round }),
    });
    expect(page.text).toContain('4711');
    expect(page.text).not.toContain('There was none yet.');
  });
});
