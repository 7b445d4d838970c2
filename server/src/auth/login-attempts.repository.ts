import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface Attempts {
  readonly key: string;
  readonly failures: number;
  readonly lastAttemptAt: Date;
}

@Injectable()
export class LoginAttemptsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The attempts under the keys, locked until the transaction ends, so that simultaneous attempts are judged
   * one after the other. Keys go in one order, so that they cannot deadlock.
   */
  lock(manager: EntityManager, keys: readonly string[], now: Date): Promise<Attempts[]> {
    return manager.query<Attempts[]>(
      `INSERT INTO login_attempts AS a (key, failures, last_attempt_at)
       SELECT key, 0, $2 FROM unnest($1::text[]) AS key ORDER BY key
       ON CONFLICT (key) DO UPDATE SET failures = a.failures
       RETURNING key, failures, last_attempt_at AS "lastAttemptAt"`,
      [keys, now],
    );
  }

  async count(manager: EntityManager, keys: readonly string[], now: Date): Promise<void> {
    await manager.query(
      'UPDATE login_attempts SET failures = failures + 1, last_attempt_at = $2 WHERE key = ANY($1)',
      [keys, now],
    );
  }

  /** Takes one failure back. */
  async uncount(key: string): Promise<void> {
    await this.dataSource.query(
      'UPDATE login_attempts SET failures = greatest(failures - 1, 0) WHERE key = $1',
      [key],
    );
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.dataSource.query('DELETE FROM login_attempts WHERE key = ANY($1)', [keys]);
  }

  async deleteOlderThan(time: Date): Promise<void> {
    await this.dataSource.query('DELETE FROM login_attempts WHERE last_attempt_at < $1', [time]);
  }
}
