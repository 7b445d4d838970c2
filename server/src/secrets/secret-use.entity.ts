import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';
import { SecretEntity } from './secret.entity.js';

/** That a try of a step was given a secret. */
@Entity({ name: 'secret_uses' })
export class SecretUseEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'secret_uses_pk' })
  stepAttemptId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'secret_uses_pk' })
  @ForeignKey(() => SecretEntity, { name: 'secret_uses_secret_fk', onDelete: 'CASCADE' })
  @Index('secret_uses_secret')
  secretId!: string;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'secret_uses_run_fk', onDelete: 'CASCADE' })
  @Index('secret_uses_run')
  runId!: string;

  @Column('timestamptz')
  at!: Date;
}
