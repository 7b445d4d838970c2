import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from './run.entity.js';

export interface RepositorySource {
  readonly url: string | null;
  readonly path: string | null;
  readonly ref: string | null;
  /** Id of an uploaded repository; absent in runs from before there were any. */
  readonly upload?: string | null;
}

/** What a run was created from. Read with one run, never with the list. */
@Entity({ name: 'run_inputs' })
@Index('run_inputs_metadata', { synchronize: false })
@Index('run_inputs_search', { synchronize: false })
@Index('run_inputs_project', { synchronize: false })
@Index('run_inputs_short_id', { synchronize: false })
@Index('run_inputs_upload', { synchronize: false })
export class RunInputEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_inputs_pk' })
  @ForeignKey(() => RunEntity, { name: 'run_inputs_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('text', { nullable: true })
  intake!: string | null;

  @Column('jsonb')
  metadata!: Record<string, unknown>;

  @Column('jsonb')
  parameters!: Record<string, unknown>;

  @Column('jsonb', { nullable: true })
  repository!: RepositorySource | null;

  @Column('text', { nullable: true })
  template!: string | null;

  /** The run's, which never changes: searched here, because every change of a run would write its index again. */
  @Column('text')
  projectName!: string;

  /** Words of the intake and the project's name, and every one and two characters of the name: `run_search()`. */
  @Column('tsvector', { select: false })
  search!: string;
}
