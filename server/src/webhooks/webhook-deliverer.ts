import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { AppConfig } from '../config/app-config.js';
import { createMasker } from '../execution/domain/mask.js';
import { DomainError } from '../problems/domain-error.js';
import { atLeast, backOff } from './domain/back-off.js';
import { sendWebhook, type WebhookAnswer } from './send-webhook.js';
import { signedHeaders } from './sign.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import type { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { addDeliveryJobs } from './webhook-jobs.js';
import { WebhookMessages } from './webhook-messages.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhookEntity } from './webhook.entity.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** For the process to note what came of a try whose time is over. */
const NOTE_MS = 5000;
const GONE = 410;
const NEVER = new AbortController().signal;

/**
 * Delivers: claims one delivery, sends it with no transaction open, and notes what came of it. A process that is
 * killed in between leaves a claim that runs out, and the delivery is sent again: at least once.
 */
@Injectable()
export class WebhookDeliverer {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
    private readonly messages: WebhookMessages,
    private readonly audit: AuditLog,
    private readonly config: AppConfig,
  ) {}

  /** One try, where the delivery is due and nobody else is at it. @param stop hands the delivery back */
  async deliver(id: string, stop: AbortSignal = NEVER): Promise<void> {
    const held = await this.deliveries.claim(id, this.config.webhooks.timeoutMs + NOTE_MS);
    const webhook = held === null ? null : await this.webhooks.find(held.webhookId);
    if (held === null || webhook === null) return;
    const reason = await this.reasonToDrop(held, webhook);
    if (reason !== null) return this.drop(held, reason);
    const answer = await this.send(held, webhook, stop);
    if (answer === null) return this.drop(held, 'The event is no more.');
    if (stop.aborted && answer.status === null) return this.handBack(held);
    await this.note(held, answer);
  }

  private async reasonToDrop(held: WebhookDeliveryEntity, webhook: WebhookEntity): Promise<string | null> {
    if (!webhook.active && held.runId !== null) return 'The webhook was off.';
    if (await this.deliveries.mayBeSent(held)) return null;
    return 'The webhook does not cover the run, or its owner may not see it.';
  }

  private async send(
    held: WebhookDeliveryEntity,
    webhook: WebhookEntity,
    signal: AbortSignal,
  ): Promise<WebhookAnswer | null> {
    const body = await this.messages.bodyOf(held);
    if (body === null) return null;
    try {
      const now = new Date();
      const secrets = this.secrets.signing(webhook, now);
      const signed = signedHeaders(held.id, now, body, secrets);
      const headers = { 'content-type': 'application/json', ...signed };
      const { timeoutMs } = this.config.webhooks;
      const answer = await sendWebhook(
        { url: webhook.url, headers, body, timeoutMs, signal },
        { allowPrivate: this.config.allowPrivateAddresses },
      );
      const mask = createMasker(Object.fromEntries(secrets.map((secret, index) => [index, secret])));
      return { ...answer, text: answer.text === null ? null : mask(answer.text) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { status: null, text: null, durationMs: 0, retryAfterMs: null, error: error.message };
    }
  }

  /** The webhook's row comes first in every transaction that takes both. */
  private async note(held: WebhookDeliveryEntity, answer: WebhookAnswer): Promise<void> {
    const turnedOff = await this.dataSource.transaction(async (tx) => {
      const webhook = await this.webhooks.lock(tx, held.webhookId);
      if (webhook === null) return null;
      const now = new Date();
      const again = answer.error !== null && held.triesLeft > 0 && answer.status !== GONE;
      const nextTryAt = again ? this.nextTry(held, answer, now) : null;
      const status = again ? 'pending' : answer.error === null ? 'delivered' : 'failed';
      const seen = {
        responseStatus: answer.status,
        responseText: answer.text,
        durationMs: answer.durationMs,
      };
      const changes = {
        status,
        ...seen,
        error: answer.error,
        nextTryAt,
        endedAt: again ? null : now,
      } as const;
      if (!(await this.deliveries.settle(tx, held, changes))) return null;
      if (nextTryAt !== null) await addDeliveryJobs(tx, [held.id], nextTryAt);
      await this.deliveries.queueNextInTurn(tx, held);
      return held.runId === null ? null : this.judge(tx, webhook, answer, now);
    });
    if (turnedOff !== null) await this.tell(held.webhookId, turnedOff);
  }

  private nextTry(held: WebhookDeliveryEntity, { retryAfterMs }: WebhookAnswer, now: Date): Date {
    const wait = backOff(held.tries, this.config.webhooks.retryMs, Math.random());
    return new Date(now.getTime() + atLeast(wait, retryAfterMs));
  }

  /** Notes since when nothing arrives. @returns why the webhook was turned off; null where it was not */
  private async judge(
    tx: EntityManager,
    webhook: WebhookEntity,
    answer: WebhookAnswer,
    now: Date,
  ): Promise<string | null> {
    const failingSince = answer.error === null ? null : (webhook.failingSince ?? now);
    const reason = webhook.active ? this.reasonToTurnOff(answer, failingSince, now) : null;
    if (failingSince?.getTime() === webhook.failingSince?.getTime() && reason === null) return null;
    const changes = reason === null ? { failingSince } : { failingSince, active: false, offReason: reason };
    await tx.update(WebhookEntity, { id: webhook.id }, changes);
    return reason;
  }

  private reasonToTurnOff({ status }: WebhookAnswer, failingSince: Date | null, now: Date): string | null {
    if (status === GONE) return 'The receiver answered 410: it wants no more.';
    const { offAfterMs } = this.config.webhooks;
    if (failingSince === null || now.getTime() - failingSince.getTime() < offAfterMs) return null;
    return `Nothing could be delivered since ${failingSince.toISOString()}.`;
  }

  private tell(webhookId: string, reason: string): Promise<void> {
    return this.audit.record({
      ...{ at: new Date(), actorId: null, actorName: 'system', via: null, status: null },
      ...{ action: 'webhook turned off', address: null, userAgent: null },
      target: `/webhooks/${webhookId} ${reason}`,
    });
  }

  private drop(held: WebhookDeliveryEntity, error: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const ended = { status: 'dropped', error, nextTryAt: null, endedAt: new Date() } as const;
      if (await this.deliveries.settle(tx, held, ended)) await this.deliveries.queueNextInTurn(tx, held);
    });
  }

  /** The process stops: another one tries at once, and the try does not count. */
  private handBack(held: WebhookDeliveryEntity): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const back = { triesLeft: held.triesLeft + 1, nextTryAt: new Date() };
      if (await this.deliveries.settle(tx, held, back)) await addDeliveryJobs(tx, [held.id]);
    });
  }
}
