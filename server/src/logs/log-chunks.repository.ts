import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeptChunk } from './domain/log-keeper.js';
import { overflowOf, type SizedChunk } from './domain/overflow.js';

/** Channel on which every stored part of a log says `<run_id>`. */
export const LOGS_CHANNEL = 'orchestrator_logs';

/** Whose log is written, and under which claim. */
export interface LogTarget {
  readonly runId: string;
  readonly stepAttemptId: string;
  /** Of the claim: what an older holder still writes is refused. */
  readonly epoch: number;
}

/** Which part of a run's log; null does not restrict. */
export interface LogFilter {
  readonly phase: string | null;
  readonly step: string | null;
  /** Attempt of the phase. */
  readonly attempt: number | null;
}

export interface StoredChunk {
  readonly seq: number;
  readonly firstLine: number;
  readonly text: string;
  readonly at: Date;
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly stepTry: number;
}

type ChunkRow = Omit<StoredChunk, 'seq'> & { readonly seq: string };

const LOCK_SPACE = 7_270_021;
/** More than a mark has: one line that stands for several. */
const MARK_BYTES = 200;

/** Queries of logs. */
@Injectable()
export class LogChunksRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Number of the first line that nobody has written yet. */
  async nextLine(stepAttemptId: string): Promise<number> {
    const [row] = await this.dataSource.query<{ next: number }[]>(
      'SELECT coalesce(max(first_line + line_count), 1) AS next FROM log_chunks WHERE step_attempt_id = $1',
      [stepAttemptId],
    );
    return row?.next ?? 1;
  }

  /**
   * Appends chunks and wakes readers; storing the same ones again changes nothing.
   * The lock lasts until the commit: cursors over a run's chunks then never pass one that commits later.
   * @returns `lease_lost` where the claim is not the step's any more; nothing is stored then
   */
  async append(target: LogTarget, chunks: readonly KeptChunk[]): Promise<'stored' | 'lease_lost'> {
    const rows = chunks.map(({ firstLine, lineCount, text, at }) => ({ firstLine, lineCount, text, at }));
    const [row] = await this.dataSource.query<{ held: boolean }[]>(
      `WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(${String(LOCK_SPACE)}, hashtext($1::text))),
       holder AS MATERIALIZED (
         SELECT a.id FROM turn, step_attempts a
         WHERE a.id = $2 AND a.run_id = $1::uuid AND a.epoch = $3 AND a.status = 'running'),
       added AS (
         INSERT INTO log_chunks (step_attempt_id, run_id, first_line, line_count, text, at)
         SELECT holder.id, $1::uuid, c."firstLine", c."lineCount", c.text, c.at
         FROM holder, jsonb_to_recordset($4::jsonb) AS c("firstLine" integer, "lineCount" integer, text text, at timestamptz)
         ORDER BY c."firstLine"
         ON CONFLICT DO NOTHING RETURNING 1)
       SELECT EXISTS (SELECT FROM holder) AS held, pg_notify($5, $1::text), (SELECT count(*) FROM added)`,
      [target.runId, target.stepAttemptId, target.epoch, JSON.stringify(rows), LOGS_CHANNEL],
    );
    return row?.held === true ? 'stored' : 'lease_lost';
  }

  /** Leaves out what lies between head and tail of a log that is stored bit by bit, in the turn of whoever appends. */
  async keepWithin({ runId, stepAttemptId }: LogTarget, limitBytes: number): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2::text))', [LOCK_SPACE, runId]);
      const chunks = await tx.query<(Omit<SizedChunk, 'seq'> & { readonly seq: string })[]>(
        `SELECT seq, line_count AS "lineCount", octet_length(text) AS bytes,
           line_count > 1 AND octet_length(text) < ${String(MARK_BYTES)} AND strpos(text, E'\\n') = 0 AS "isMark"
         FROM log_chunks WHERE step_attempt_id = $1 ORDER BY first_line`,
        [stepAttemptId],
      );
      const sized = chunks.map((chunk) => ({ ...chunk, seq: Number(chunk.seq) }));
      const over = overflowOf(sized, limitBytes);
      if (over === null) return;
      await tx.query('DELETE FROM log_chunks WHERE run_id = $1 AND seq = ANY($2::bigint[])', [
        runId,
        over.others,
      ]);
      await tx.query('UPDATE log_chunks SET line_count = $3, text = $4 WHERE run_id = $1 AND seq = $2', [
        ...[runId, over.first, over.lineCount, over.text],
      ]);
    });
  }

  /** Chunks of a run from the cursor's on, in the order in which they appeared. */
  async read(runId: string, filter: LogFilter, fromSeq: number, limit: number): Promise<StoredChunk[]> {
    const rows = await this.dataSource.query<ChunkRow[]>(
      `SELECT c.seq, c.first_line AS "firstLine", c.text, c.at, s.phase, s.key AS step,
              p.number AS attempt, a.number AS "stepTry"
       FROM log_chunks c
       JOIN step_attempts a ON a.id = c.step_attempt_id
       JOIN steps s ON s.id = a.step_id
       JOIN phase_attempts p ON p.id = s.phase_attempt_id
       WHERE c.run_id = $1 AND c.seq >= $2
         AND ($3::text IS NULL OR s.phase = $3) AND ($4::text IS NULL OR s.key = $4)
         AND ($5::integer IS NULL OR p.number = $5)
       ORDER BY c.seq LIMIT $6`,
      [runId, fromSeq, filter.phase, filter.step, filter.attempt, limit],
    );
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }
}
