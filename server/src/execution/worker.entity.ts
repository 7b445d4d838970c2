import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A process that claims steps. */
@Entity({ name: 'workers' })
@Index('workers_heartbeat', ['heartbeatAt'])
export class WorkerEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'workers_pk' })
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: 'local' | 'remote';

  @Column('text', { array: true })
  labels!: string[];

  @Column('text', { nullable: true })
  version!: string | null;

  @Column('timestamptz')
  startedAt!: Date;

  @Column('timestamptz')
  heartbeatAt!: Date;

  @Column('timestamptz', { nullable: true })
  stoppedAt!: Date | null;
}
