import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { findPrice, pricesOn, type Price } from './domain/price.js';
import { ModelPriceEntity } from './model-price.entity.js';
import { loadPrices } from './prices.js';

/** A price, and whether an administrator set it. */
export interface ListedPrice {
  readonly price: Price;
  readonly overridden: boolean;
}

/** The price table with what administrators set over it. */
@Injectable()
export class PriceList {
  private readonly table = loadPrices();

  constructor(private readonly dataSource: DataSource) {}

  /** The price of a model as it is now; null: unpriced. */
  async find(tx: EntityManager, provider: string, model: string): Promise<Price | null> {
    const set = await tx.find(ModelPriceEntity, { where: { provider } });
    const own = set.map(({ price }) => price);
    const others = this.today().filter((price) => !own.some((other) => other.model === price.model));
    return findPrice([...own, ...others], provider, model) ?? null;
  }

  /** Every price, by provider and model. */
  async all(): Promise<ListedPrice[]> {
    const set = await this.dataSource.getRepository(ModelPriceEntity).find();
    const same = (a: Price, b: Price): boolean => a.provider === b.provider && a.model === b.model;
    const own = set.map(({ price }) => price);
    return [
      ...own.map((price) => ({ price, overridden: true })),
      ...this.today()
        .filter((price) => !own.some((other) => same(price, other)))
        .map((price) => ({ price, overridden: false })),
    ].sort(({ price: a }, { price: b }) => compare(a.provider, b.provider) || compare(a.model, b.model));
  }

  private today(): readonly Price[] {
    return pricesOn(new Date().toISOString().slice(0, 10), this.table);
  }

  /** Sets a price for later calls. */
  async set(price: Price, by: string): Promise<void> {
    const { provider, model } = price;
    await this.dataSource
      .getRepository(ModelPriceEntity)
      .upsert({ provider, model, price, updatedAt: new Date(), updatedBy: by }, ['provider', 'model']);
  }

  /** Takes back what was set. False where nothing was. */
  async unset(provider: string, model: string): Promise<boolean> {
    return (await this.dataSource.getRepository(ModelPriceEntity).delete({ provider, model })).affected === 1;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
