import { Injectable } from '@nestjs/common';
import { v7, validate } from 'uuid';
import { listedOwner, principalAllows, type Principal } from '../auth/domain/principal.js';
import { AppConfig } from '../config/app-config.js';
import { DomainError, forbidden, notFound } from '../problems/domain-error.js';
import type { WebhookScope } from './domain/event-types.js';
import { webhookTarget } from './domain/target.js';
import {
  WebhookDto,
  type CreateWebhookDto,
  type UpdateWebhookDto,
  type WebhookWithSecretDto,
} from './dto/webhook.dto.js';
import { newSecret } from './sign.js';
import { WebhookSecrets } from './webhook-secrets.js';
import type { WebhookEntity } from './webhook.entity.js';
import { WebhooksRepository } from './webhooks.repository.js';

const MOST_OF_ONE_PERSON = 50;
const MOST_SHOWN = 1000;
/** For receivers to take over a new secret. */
const ROTATION_MS = 24 * 3_600_000;

/** Webhooks are seen and changed by their owner, and by whoever sees all runs. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
    private readonly config: AppConfig,
  ) {}

  async list(by: Principal): Promise<WebhookDto[]> {
    const ownerId = listedOwner(by);
    const now = new Date();
    return (await this.webhooks.list(ownerId, MOST_SHOWN)).map((webhook) => WebhookDto.of(webhook, now));
  }

  /** @throws DomainError 404 */
  async show(id: string, by: Principal): Promise<WebhookDto> {
    return WebhookDto.of(await this.visible(id, by), new Date());
  }

  /** @throws DomainError 400 for its address, 403 where the caller may not see what it would be told, 409 `too_many_webhooks` */
  async create(asked: CreateWebhookDto, by: Principal): Promise<WebhookWithSecretDto> {
    const [id, now, secret, scope] = [v7(), new Date(), newSecret(), asked.scope ?? 'mine'];
    requireSight(by, scope);
    const webhook: WebhookEntity = {
      ...{ id, ownerId: by.userId, name: asked.name, eventTypes: asked.event_types, scope },
      url: webhookTarget(asked.url, this.config.allowPrivateAddresses),
      ...{ profile: asked.profile ?? null, project: asked.project ?? null },
      ...{ sealedSecret: this.secrets.seal(id, secret), previousSecret: null, previousUntil: null },
      ...{ active: asked.active ?? true, activeSince: now, offReason: null, failingSince: null },
      ...{ createdAt: now, updatedAt: now },
    };
    if (!(await this.webhooks.insert(webhook, MOST_OF_ONE_PERSON))) {
      const most = String(MOST_OF_ONE_PERSON);
      throw new DomainError(409, 'too_many_webhooks', `You have ${most} webhooks: remove one first.`);
    }
    return { ...WebhookDto.of(webhook, now), secret };
  }

  /** @throws DomainError 400, 403, 404 */
  async update(id: string, asked: UpdateWebhookDto, by: Principal): Promise<WebhookDto> {
    const { scope } = await this.visible(id, by);
    requireSight(by, asked.scope ?? scope);
    const now = new Date();
    const url = asked.url === undefined ? null : webhookTarget(asked.url, this.config.allowPrivateAddresses);
    return this.changed(id, now, (webhook) => ({
      ...webhook,
      ...{ name: asked.name ?? webhook.name, url: url ?? webhook.url, scope: asked.scope ?? webhook.scope },
      eventTypes: asked.event_types ?? webhook.eventTypes,
      profile: asked.profile === undefined ? webhook.profile : asked.profile,
      project: asked.project === undefined ? webhook.project : asked.project,
      ...turned(webhook, asked.active, now),
      updatedAt: now,
    }));
  }

  /** @throws DomainError 404 */
  async remove(id: string, by: Principal): Promise<void> {
    await this.visible(id, by);
    await this.webhooks.remove(id);
  }

  /** Gives it another secret; the one before signs as well for a day. @throws DomainError 404 */
  async rotate(id: string, by: Principal): Promise<WebhookWithSecretDto> {
    await this.visible(id, by);
    const [now, secret] = [new Date(), newSecret()];
    const webhook = await this.changed(id, now, (before) => ({
      ...before,
      sealedSecret: this.secrets.seal(id, secret),
      previousSecret: before.sealedSecret,
      previousUntil: new Date(now.getTime() + ROTATION_MS),
      updatedAt: now,
    }));
    return { ...webhook, secret };
  }

  /** @throws DomainError 404 where it is unknown or somebody else's */
  async visible(id: string, by: Principal): Promise<WebhookEntity> {
    const webhook = validate(id) ? await this.webhooks.find(id) : null;
    const seen = webhook?.ownerId === by.userId || principalAllows(by, 'runs:read_all');
    if (webhook === null || !seen) throw notFound('Webhook', id);
    return webhook;
  }

  private async changed(
    id: string,
    now: Date,
    change: (webhook: WebhookEntity) => WebhookEntity,
  ): Promise<WebhookDto> {
    const webhook = await this.webhooks.change(id, change);
    if (webhook === null) throw notFound('Webhook', id);
    return WebhookDto.of(webhook, now);
  }
}

/** Through a webhook nobody reads more than with the credential that makes it. @throws DomainError 403 */
function requireSight(by: Principal, scope: WebhookScope): void {
  if (!principalAllows(by, 'runs:read')) throw forbidden('A webhook needs the permission `runs:read`.');
  if (scope === 'all' && !principalAllows(by, 'runs:read_all'))
    throw forbidden('A webhook for all runs needs the permission `runs:read_all`.');
}

/** Turned on again it begins with what happens from now on. */
function turned(webhook: WebhookEntity, active: boolean | undefined, now: Date): Partial<WebhookEntity> {
  if (active === undefined || active === webhook.active) return {};
  return active ? { active, activeSince: now, offReason: null, failingSince: null } : { active };
}
