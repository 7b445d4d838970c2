import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { RunEntity } from '../runs/run.entity.js';
import type { ArtifactType } from '../workflow/domain/profile.js';
import { BlobEntity } from './blob.entity.js';

/** A file that a step or a person produced; versions count per run, phase and path. */
@Entity({ name: 'artifacts' })
@Unique('artifacts_version', ['runId', 'phase', 'path', 'version'])
@Index('artifacts_blob', ['sha256'])
export class ArtifactEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'artifacts_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'artifacts_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  @Column('text')
  phase!: string;

  /** Attempt of the phase. */
  @Column('integer')
  attempt!: number;

  /** The step's id in the profile; null where a person uploaded it to the phase. */
  @Column('text', { nullable: true })
  step!: string | null;

  @Column('text', { nullable: true })
  agentId!: string | null;

  @Column('text')
  path!: string;

  @Column('text')
  artifactType!: ArtifactType;

  @Column('text')
  mediaType!: string;

  @Column('bigint', { transformer: bigintNumber })
  sizeBytes!: number;

  @Column('text')
  @ForeignKey(() => BlobEntity, { name: 'artifacts_blob_fk' })
  sha256!: string;

  @Column('integer')
  version!: number;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('boolean', { default: false })
  superseded!: boolean;

  @Column('timestamptz')
  createdAt!: Date;
}
