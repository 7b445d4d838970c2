import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import type { OpenAiApi, ProviderKind } from './domain/provider-kind.js';

/** A model provider: where it is called, and with which sealed key. */
@Entity({ name: 'providers' })
@Index('providers_name', { synchronize: false })
export class ProviderEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'providers_pk' })
  id!: string;

  @Column('text')
  kind!: ProviderKind;

  /** ^[a-z0-9][a-z0-9_-]*$, unique among those of its owner. */
  @Column('text')
  name!: string;

  /** null: the vendor's own. */
  @Column('text', { nullable: true })
  baseUrl!: string | null;

  /** Of Amazon Bedrock. */
  @Column('text', { nullable: true })
  region!: string | null;

  /** Of kind `openai`; null: as its address suggests. */
  @Column('text', { nullable: true })
  api!: OpenAiApi | null;

  /** null: it is called without a key. */
  @Column('text', { nullable: true })
  sealedKey!: string | null;

  /** For steps that name no model; null: it does none of these. */
  @Column('text', { nullable: true })
  defaultModel!: string | null;

  @Column('jsonb', { default: {} })
  agentModels!: Record<string, string>;

  /** Lower ones are asked first. */
  @Column('smallint', { default: 0 })
  priority!: number;

  @Column('boolean', { default: true })
  enabled!: boolean;

  /** Whose runs it serves; null: everybody's. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserEntity, { name: 'providers_owner_fk', onDelete: 'CASCADE' })
  @Index('providers_owner')
  ownerId!: string | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
