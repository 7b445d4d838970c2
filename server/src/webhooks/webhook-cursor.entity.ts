import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row that says up to which event webhooks were told; as `GlobalCursor` counts. */
@Entity({ name: 'webhook_cursor' })
export class WebhookCursorEntity {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'webhook_cursor_pk' })
  id!: number;

  @Column('bigint')
  tx!: string;

  @Column('bigint')
  globalId!: string;
}
