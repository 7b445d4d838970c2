import { Column, Entity, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';

/** A content in the artifact store. */
@Entity({ name: 'blobs' })
export class BlobEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'blobs_pk' })
  sha256!: string;

  @Column('bigint', { transformer: bigintNumber })
  sizeBytes!: number;

  @Column('timestamptz')
  createdAt!: Date;
}
