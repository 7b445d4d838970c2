import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { PG_POOL } from '../persistence/pg-pool.js';
import { DomainError } from '../problems/domain-error.js';

const PATIENCE_MS = 2000;

/** Whether this process can do its work now. */
@Injectable()
export class Readiness {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  /** @throws DomainError `database_unavailable` (503) where the database gives no answer within two seconds. */
  async check(): Promise<void> {
    const answer = this.pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    if (await Promise.race([answer, patience()])) return;
    throw new DomainError(503, 'database_unavailable', 'The database gives no answer.');
  }
}

function patience(): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => {
      resolve(false);
    }, PATIENCE_MS).unref();
  });
}
