/** Events of runs that a webhook can be told. */
export const WEBHOOK_EVENT_TYPES = [
  'run.created',
  'run.completed',
  'run.failed',
  'run.cancelled',
  'run.paused',
  'run.resumed',
  'run.rolled_back',
  'run.archived',
  'run.restored',
  'phase.started',
  'phase.completed',
  'phase.failed',
  'phase.skipped',
  'phase.awaiting_approval',
  'phase.changes_requested',
  'phase.reopened',
  'step.waiting',
  'step.failed',
  'gate.evaluated',
  'gate.waived',
  'gate.reopened',
  'approval.given',
  'approval.voided',
  'budget.warning',
  'budget.reached',
  'comment.added',
] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** What somebody sends to try a webhook out. */
export const TEST_TYPE = 'webhook.test';
export type DeliveryType = WebhookEventType | typeof TEST_TYPE;

/** `mine`: runs that the owner created or that are shared with them; `all`: every run, for who may read all. */
export const WEBHOOK_SCOPES = ['mine', 'all'] as const;
export type WebhookScope = (typeof WEBHOOK_SCOPES)[number];

/** `dropped`: it was not sent, since the webhook is off or its owner may not see the run any more. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'dropped'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];
