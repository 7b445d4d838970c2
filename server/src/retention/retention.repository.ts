import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { PG_POOL } from '../persistence/pg-pool.js';
import { RetentionRoundEntity } from './retention-round.entity.js';
import { ENDED_CALLS } from '../runs/runs.repository.js';

/** Key of the advisory lock that one process at a time holds. */
const LOCK = 7_270_031;
/** Key of the row of the last round. */
const THE_ONE = 1;
/** Nothing of such a run executes by itself. */
const AT_REST = `status IN ('completed', 'failed', 'cancelled')`;

/** Finds and removes what is kept no longer. */
@Injectable()
export class RetentionRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    private readonly dataSource: DataSource,
  ) {}

  lastRound(): Promise<RetentionRoundEntity | null> {
    return this.dataSource.getRepository(RetentionRoundEntity).findOneBy({ id: THE_ONE });
  }

  async noteRound(round: Omit<RetentionRoundEntity, 'id'>): Promise<void> {
    await this.dataSource.getRepository(RetentionRoundEntity).save({ ...round, id: THE_ONE });
  }

  /** Does the work unless another process is at it. False where one is. */
  async alone(work: () => Promise<void>): Promise<boolean> {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [
        LOCK,
      ]);
      if (rows[0]?.held !== true) return false;
      try {
        await work();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      }
      return true;
    } finally {
      client.release();
    }
  }

  /** Runs at rest since before `time`, the longest resting first. */
  async toArchive(time: Date, limit: number): Promise<string[]> {
    return this.ids(
      `SELECT id FROM runs WHERE archived_at IS NULL AND ${AT_REST} AND updated_at < $1
       ORDER BY updated_at, id LIMIT $2`,
      [time, limit],
    );
  }

  /** Erases runs that were archived before `time`, with everything that belongs to them but their usage, and gives their ids. */
  async purge(time: Date, limit: number): Promise<string[]> {
    return this.ids(
      `WITH erased AS (DELETE FROM runs WHERE id = ANY (ARRAY(
           SELECT id FROM runs WHERE archived_at < $1 AND ${AT_REST} ORDER BY archived_at LIMIT $2 FOR UPDATE SKIP LOCKED))
         RETURNING id),
       calls AS (DELETE FROM model_calls WHERE run_id IN (SELECT id FROM erased) AND ${ENDED_CALLS})
       SELECT id FROM erased`,
      [time, limit],
    );
  }

  /** Forgets uploaded repositories from before `time` with which no run was created that is still there. @returns how many */
  async forgetUploads(time: Date): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM repository_uploads u WHERE created_at < $1
         AND NOT EXISTS (SELECT FROM run_inputs i WHERE i.repository->>'upload' = u.id::text
                         AND i.repository->>'upload' IS NOT NULL)`,
      [time],
    );
    return rowCount ?? 0;
  }

  /** Forgets deliveries of webhooks that ended before `time`. @returns how many */
  async forgetDeliveries(time: Date, limit: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM webhook_deliveries WHERE id = ANY (ARRAY(
         SELECT id FROM webhook_deliveries WHERE ended_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))`,
      [time, limit],
    );
    return rowCount ?? 0;
  }

  /** Forgets contents that nothing refers to and that nobody delivered since `time`, and gives their digests. */
  async forgetContents(time: Date, limit: number): Promise<string[]> {
    return this.ids(
      `DELETE FROM blobs WHERE sha256 = ANY (ARRAY(
         SELECT sha256 FROM blobs b WHERE created_at < $1
           AND NOT EXISTS (SELECT FROM artifacts a WHERE a.sha256 = b.sha256)
           AND NOT EXISTS (SELECT FROM repository_uploads u WHERE u.sha256 = b.sha256)
         LIMIT $2 FOR UPDATE SKIP LOCKED))
       RETURNING sha256 AS id`,
      [time, limit],
    );
  }

  /** Which of the runs are no more. */
  async unknownRuns(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    return this.ids(
      'SELECT id FROM unnest($1::uuid[]) AS known(id) WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = known.id)',
      [ids],
    );
  }

  private async ids(sql: string, values: readonly unknown[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(sql, [...values]);
    return rows.map(({ id }) => id);
  }
}
