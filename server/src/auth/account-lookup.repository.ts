import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { PG_POOL } from '../persistence/pg-pool.js';
import type { Permission, Role } from './domain/permissions.js';
import type { FactorFacts } from './domain/second-factor-demand.js';

export interface Account {
  readonly userId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** The account of a credential, with what decides whether it owes a second factor. */
export type FoundAccount = Account & FactorFacts;

export type KeyedAccount = FoundAccount & {
  readonly scopes: Permission[] | null;
  readonly expiresAt: Date | null;
};

const ACCOUNT = `u.id AS "userId", u.email, u.name, u.role,
  EXISTS (SELECT FROM totp_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL) AS "hasFactor"`;

/** Whose credential it is, in one indexed read; nobody where it is revoked, expired or its owner disabled. */
@Injectable()
export class AccountLookupRepository {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async bySession(sessionId: string, userId: string): Promise<FoundAccount | null> {
    const { rows } = await this.pool.query<FoundAccount>({
      name: 'account-by-session',
      text: `SELECT ${ACCOUNT}, s.sealed_id_token IS NULL AND u.password_hash IS NOT NULL AS "byPassword" FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id = $1 AND u.id = $2 AND s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL`,
      values: [sessionId, userId],
    });
    return rows[0] ?? null;
  }

  async byKeyHash(keyHash: Buffer): Promise<KeyedAccount | null> {
    const { rows } = await this.pool.query<KeyedAccount>({
      name: 'account-by-api-key',
      text: `SELECT ${ACCOUNT}, u.password_hash IS NOT NULL AS "byPassword", k.scopes, k.expires_at AS "expiresAt"
             FROM api_keys k JOIN users u ON u.id = k.user_id
             WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
               AND u.disabled_at IS NULL`,
      values: [keyHash],
    });
    return rows[0] ?? null;
  }

  /** Remembers the use, at most once a minute. */
  async touchKey(keyHash: Buffer): Promise<void> {
    await this.pool.query({
      name: 'touch-api-key',
      text: `UPDATE api_keys SET last_used_at = now()
             WHERE key_hash = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      values: [keyHash],
    });
  }
}
