import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SealedStores } from '../secrets/sealed-stores.js';
import { SecretCipher } from '../secrets/secret-cipher.js';
import type { WebhookEntity } from './webhook.entity.js';
import { WebhooksRepository } from './webhooks.repository.js';

const contextOf = (id: string): string => `webhook:${id}`;

/** Seals and opens the secrets of webhooks. */
@Injectable()
export class WebhookSecrets implements OnModuleInit {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly cipher: SecretCipher,
    private readonly stores: SealedStores,
  ) {}

  /** They are sealed anew together with the others. */
  onModuleInit(): void {
    this.stores.add({
      all: () => this.webhooks.sealedSecrets(),
      contextOf,
      reseal: ({ id, sealed }, anew) => this.webhooks.reseal(id, sealed, anew),
    });
  }

  seal(webhookId: string, secret: string): string {
    return this.cipher.seal(secret, contextOf(webhookId));
  }

  /**
   * Every secret that signs now, the present one first.
   * @throws DomainError 409 `secret_unreadable`
   */
  signing({ id, sealedSecret, previousSecret, previousUntil }: WebhookEntity, now: Date): string[] {
    const before = previousUntil !== null && previousUntil > now ? previousSecret : null;
    return [sealedSecret, ...(before === null ? [] : [before])].map((sealed) =>
      this.cipher.open(sealed, contextOf(id)),
    );
  }
}
