import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { PG_POOL } from '../persistence/pg-pool.js';

export interface Consumption {
  readonly key: string;
  /** Minutes since the epoch. */
  readonly minute: number;
  readonly used: number;
}

@Injectable()
export class RateWindowsRepository {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  /** Adds what was consumed and returns what all processes together have; one statement for all keys. */
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
}
