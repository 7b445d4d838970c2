import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import type { SealedText } from '../secrets/sealed-stores.js';
import { WebhookEntity } from './webhook.entity.js';

@Injectable()
export class WebhooksRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Everybody's where `ownerId` is null, the oldest first. */
  list(ownerId: string | null, limit: number): Promise<WebhookEntity[]> {
    const where = ownerId === null ? {} : { ownerId };
    return this.rows().find({ where, order: { createdAt: 'ASC', id: 'ASC' }, take: limit });
  }

  find(id: string): Promise<WebhookEntity | null> {
    return this.rows().findOneBy({ id });
  }

  /** Whether the owner had fewer than `most`. */
  insert(webhook: WebhookEntity, most: number): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      // Of two that come at once the second one counts the first.
      await tx.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [webhook.ownerId]);
      if ((await tx.countBy(WebhookEntity, { ownerId: webhook.ownerId })) >= most) return false;
      await tx.insert(WebhookEntity, webhook);
      return true;
    });
  }

  /** Changes the webhook under its row lock. Null where it is gone. */
  change(id: string, change: (webhook: WebhookEntity) => WebhookEntity): Promise<WebhookEntity | null> {
    return this.dataSource.transaction(async (tx) => {
      const webhook = await this.lock(tx, id);
      return webhook === null ? null : tx.save(WebhookEntity, change(webhook));
    });
  }

  lock(tx: EntityManager, id: string): Promise<WebhookEntity | null> {
    return tx.findOne(WebhookEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async remove(id: string): Promise<void> {
    await this.rows().delete({ id });
  }

  async sealedSecrets(): Promise<SealedText[]> {
    const rows = await this.rows().find({ select: { id: true, sealedSecret: true, previousSecret: true } });
    return rows.flatMap(({ id, sealedSecret, previousSecret }) =>
      [sealedSecret, previousSecret].flatMap((sealed) => (sealed === null ? [] : [{ id, sealed }])),
    );
  }

  /** Writes the same secret anew, unless it was changed meanwhile. */
  async reseal(id: string, sealed: string, anew: string): Promise<void> {
    await this.rows().update({ id, sealedSecret: sealed }, { sealedSecret: anew });
    await this.rows().update({ id, previousSecret: sealed }, { previousSecret: anew });
  }

  private rows(): Repository<WebhookEntity> {
    return this.dataSource.getRepository(WebhookEntity);
  }
}
