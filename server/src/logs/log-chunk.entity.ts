import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { bigintNumber } from '../persistence/number-transformers.js';
import { RunEntity } from '../runs/run.entity.js';
import { StepAttemptEntity } from '../runs/step-attempt.entity.js';

/** Some consecutive lines of a step attempt's log. */
@Entity({ name: 'log_chunks' })
@Index('log_chunks_run', ['runId', 'seq'], { unique: true })
export class LogChunkEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'log_chunks_pk' })
  @ForeignKey(() => StepAttemptEntity, { name: 'log_chunks_attempt_fk', onDelete: 'CASCADE' })
  stepAttemptId!: string;

  /** Number of the first line, from 1 over all streams of the step attempt. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'log_chunks_pk' })
  firstLine!: number;

  @Column('integer')
  lineCount!: number;

  /**
   * Lines joined by `\n`, each behind one character that names its stream (`o`, `e` or `s`): streams that
   * take turns line by line still fill few chunks.
   */
  @Column('text')
  text!: string;

  /** When the chunk was begun. */
  @Column('timestamptz')
  at!: Date;

  @Column('uuid')
  @ForeignKey(() => RunEntity, { name: 'log_chunks_run_fk', onDelete: 'CASCADE' })
  runId!: string;

  /** Cursor over a run's chunks: taken under a lock of that run's log, so they become visible in this order. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS', transformer: bigintNumber })
  seq!: number;
}
