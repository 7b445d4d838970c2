import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserEntity } from '../auth/user.entity.js';
import { bigintNumber } from '../persistence/number-transformers.js';

/** A repository that somebody uploaded for runs; its content is a Git bundle in the artifact store. */
@Entity({ name: 'repository_uploads' })
@Index('repository_uploads_created', ['createdAt'])
@Index('repository_uploads_content', ['sha256'])
export class RepositoryUploadEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'repository_uploads_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserEntity, { name: 'repository_uploads_owner_fk', onDelete: 'CASCADE' })
  ownerId!: string;

  /** Name of the file, for people. */
  @Column('text')
  name!: string;

  @Column('text')
  sha256!: string;

  /** Of the bundle. */
  @Column('bigint', { transformer: bigintNumber })
  sizeBytes!: number;

  @Column('text')
  commit!: string;

  @Column('timestamptz')
  createdAt!: Date;
}
