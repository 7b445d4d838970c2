import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import type { Price } from './domain/price.js';

/** A price that an administrator set; it goes before the one of the price table. */
@Entity({ name: 'model_prices' })
export class ModelPriceEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'model_prices_pk' })
  provider!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'model_prices_pk' })
  model!: string;

  @Column('jsonb')
  price!: Price;

  @Column('timestamptz')
  updatedAt!: Date;

  /** null where that person was removed. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'model_prices_updated_by_fk', onDelete: 'SET NULL' })
  updatedBy!: string | null;
}
