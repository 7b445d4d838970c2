import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import type { WebhookEventType, WebhookScope } from './domain/event-types.js';

/** An address that is told of events of runs. */
@Entity({ name: 'webhooks' })
export class WebhookEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'webhooks_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'webhooks_owner_fk', onDelete: 'CASCADE' })
  @Index('webhooks_owner')
  ownerId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  url!: string;

  @Column('text', { array: true })
  eventTypes!: WebhookEventType[];

  @Column('text')
  scope!: WebhookScope;

  /** Only runs of this profile; null: of every one. */
  @Column('text', { nullable: true })
  profile!: string | null;

  /** Only runs of the project of this name; null: of every one. */
  @Column('text', { nullable: true })
  project!: string | null;

  /** What signs deliveries. */
  @Column('text')
  sealedSecret!: string;

  /** The secret before, sealed; it signs as well until `previousUntil`. */
  @Column('text', { nullable: true })
  previousSecret!: string | null;

  @Column('timestamptz', { nullable: true })
  previousUntil!: Date | null;

  @Column('boolean')
  active!: boolean;

  /** Events from before are not told. */
  @Column('timestamptz')
  activeSince!: Date;

  /** Why it was turned off by itself; null where it is active, or somebody turned it off. */
  @Column('text', { nullable: true })
  offReason!: string | null;

  /** Since when no try has succeeded; null where the last one did. */
  @Column('timestamptz', { nullable: true })
  failingSince!: Date | null;

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz')
  updatedAt!: Date;
}
