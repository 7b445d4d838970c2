import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { PG_POOL } from '../persistence/pg-pool.js';
import { KEEP_HOURS, type Claim } from './domain/idempotency-key.js';

/** How long a silent execution holds its key; renewed while it lives. */
const LEASE = "interval '20 seconds'";
const TOO_OLD = `k.created_at < now() - interval '${KEEP_HOURS} hours'`;
const BATCH = 1000;

export interface KeyRow {
  readonly requestDigest: Buffer;
  readonly status: number | null;
  readonly headers: Record<string, string> | null;
  readonly body: Buffer | null;
}

@Injectable()
export class IdempotencyKeysRepository {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  /** Whether the key is this execution's: it was free, its answer too old, or its holder dead. */
  async claim({ userId, key, execution }: Claim, requestDigest: Buffer): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'claim-idempotency-key',
      text: `INSERT INTO idempotency_keys AS k (user_id, key, request_digest, execution, created_at, locked_until)
             VALUES ($1, $2, $3, $4, now(), now() + ${LEASE})
             ON CONFLICT (user_id, key) DO UPDATE SET request_digest = excluded.request_digest,
               execution = excluded.execution, created_at = excluded.created_at,
               locked_until = excluded.locked_until, status = NULL, headers = NULL, body = NULL,
               effects = CASE WHEN ${TOO_OLD} THEN excluded.effects ELSE k.effects END
             WHERE ${TOO_OLD}
               OR (k.status IS NULL AND k.locked_until < now() AND k.request_digest = excluded.request_digest)`,
      values: [userId, key, requestDigest, execution],
    });
    return rowCount === 1;
  }

  async find(userId: string, key: string): Promise<KeyRow | null> {
    const { rows } = await this.pool.query<KeyRow>(
      `SELECT request_digest AS "requestDigest", status, headers, body
       FROM idempotency_keys WHERE user_id = $1 AND key = $2`,
      [userId, key],
    );
    return rows[0] ?? null;
  }

  async complete(claim: Claim, status: number, headers: Record<string, string>, body: Buffer): Promise<void> {
    await this.pool.query(
      `UPDATE idempotency_keys SET status = $4, headers = $5, body = $6
       WHERE user_id = $1 AND key = $2 AND execution = $3`,
      [claim.userId, claim.key, claim.execution, status, headers, body],
    );
  }

  /** Lets the next one with this key execute the request, but for what is done already. */
  async release(claim: Claim): Promise<void> {
    await this.pool.query(
      `UPDATE idempotency_keys SET locked_until = '-infinity'
       WHERE user_id = $1 AND key = $2 AND execution = $3`,
      [claim.userId, claim.key, claim.execution],
    );
  }

  async renew(claims: readonly Claim[]): Promise<void> {
    await this.pool.query(
      `UPDATE idempotency_keys k SET locked_until = now() + ${LEASE}
       FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS c (user_id, key, execution)
       WHERE k.user_id = c.user_id AND k.key = c.key AND k.execution = c.execution`,
      [
        claims.map(({ userId }) => userId),
        claims.map(({ key }) => key),
        claims.map(({ execution }) => execution),
      ],
    );
  }

  /** Removes what is too old to count, in batches, and returns how many rows that were. */
  async deleteExpired(): Promise<number> {
    let removed = 0;
    for (;;) {
      const { rowCount } = await this.pool.query(
        `DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(SELECT ctid FROM idempotency_keys k
         WHERE ${TOO_OLD} LIMIT ${BATCH}))`,
      );
      removed += rowCount ?? 0;
      if ((rowCount ?? 0) < BATCH) return removed;
    }
  }
}
