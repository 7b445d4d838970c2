import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { PG_POOL } from '../persistence/pg-pool.js';
import { RateCounts, type Consumption } from './rate-counts.js';

/** Counts in PostgreSQL: nothing more to install. */
@Injectable()
export class RateWindowsRepository extends RateCounts {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {
    super();
  }

  /** One statement for all keys. */
  async add(consumed: readonly Consumption[]): Promise<Consumption[]> {
    const { rows } = await this.pool.query<Consumption>({
      name: 'add-rate-windows',
      text: `INSERT INTO rate_windows AS w (key, minute, used)
             SELECT * FROM unnest($1::text[], $2::int[], $3::int[]) AS c (key, minute, used) ORDER BY key, minute
             ON CONFLICT (key, minute) DO UPDATE SET used = w.used + excluded.used
             RETURNING key, minute, used`,
      values: [
        consumed.map(({ key }) => key),
        consumed.map(({ minute }) => minute),
        consumed.map(({ used }) => used),
      ],
    });
    return rows;
  }

  async deleteBefore(minute: number): Promise<void> {
    await this.pool.query('DELETE FROM rate_windows WHERE minute < $1', [minute]);
  }

  /** The pool is the application's. */
  async close(): Promise<void> {
    await Promise.resolve();
  }
}
