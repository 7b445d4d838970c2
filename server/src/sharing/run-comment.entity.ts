import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ArtifactEntity } from '../artifacts/artifact.entity.js';
import { UserEntity } from '../auth/user.entity.js';
import { RunEntity } from '../runs/run.entity.js';

/** What somebody said about a run, or about one of its artifacts. */
@Entity({ name: 'run_comments' })
@Index('run_comments_run', ['runId', 'id'])
@Index('run_comments_mentions', { synchronize: false })
export class RunCommentEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'run_comments_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'run_comments_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => ArtifactEntity, { name: 'run_comments_artifact_fk', onDelete: 'CASCADE' })
  @Index('run_comments_artifact')
  artifactId!: string | null;

  /** The comment that this one answers; always one that answers none itself. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => RunCommentEntity, { name: 'run_comments_parent_fk', onDelete: 'CASCADE' })
  @Index('run_comments_parent')
  parentId!: string | null;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'run_comments_author_fk', onDelete: 'CASCADE' })
  @Index('run_comments_author')
  authorId!: string;

  /** Markdown as it was typed; empty once it was deleted. */
  @Column('text')
  body!: string;

  /** People who are named in it and see the run. */
  @Column('uuid', { array: true })
  mentions!: string[];

  @Column('timestamptz')
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  editedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;
}
