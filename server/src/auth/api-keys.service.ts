import { Injectable } from '@nestjs/common';
import { v7 as uuid, validate as isUuid } from 'uuid';
import { AccountCache } from './account-cache.js';
import type { ApiKeyEntity } from './api-key.entity.js';
import { newApiKey, prefixOf } from './api-key-format.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { AuthKeys } from './auth-keys.js';
import type { Permission } from './domain/permissions.js';
import { principalAllows, type Principal } from './domain/principal.js';
import { DomainError, forbidden, invalid, notFound } from '../problems/domain-error.js';

const MAX_KEYS = 50;

export interface ApiKeyRequest {
  readonly name: string;
  /** null: everything that the owner's role allows, at any time. */
  readonly scopes: Permission[] | null;
  readonly expiresAt: Date | null;
}

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly apiKeys: ApiKeysRepository,
    private readonly keys: AuthKeys,
    private readonly cache: AccountCache,
  ) {}

  list(userId: string): Promise<ApiKeyEntity[]> {
    return this.apiKeys.ofUser(userId);
  }

  /**
   * Makes a key that can do no more than the credential it is made with. The key itself is in this answer and
   * nowhere else.
   * @param ownerId whose key it is
   * @throws DomainError 400 for an expiry in the past, 403 for wider scopes, 409 `too_many_keys`
   */
  async create(
    maker: Principal,
    request: ApiKeyRequest,
    ownerId: string = maker.userId,
  ): Promise<{ record: ApiKeyEntity; key: string }> {
    const now = new Date();
    if (request.expiresAt !== null && request.expiresAt <= now) {
      const message = 'expires_at must be in the future';
      throw invalid(`The request is not valid: ${message}.`, [{ pointer: '/expires_at', message }]);
    }
    const wider = wideningScope(maker, request.scopes);
    if (wider !== null) throw forbidden(`A key cannot be given what its maker does not have: ${wider}.`);
    if ((await this.apiKeys.countOfUser(ownerId)) >= MAX_KEYS) {
      throw new DomainError(409, 'too_many_keys', `There are ${MAX_KEYS} keys already; revoke one first.`);
    }
    const key = newApiKey();
    const record = this.record(ownerId, request, key, now);
    await this.apiKeys.insert(record);
    return { record, key };
  }

  /** @throws DomainError 404 where the user has no such key */
  async revoke(userId: string, id: string): Promise<void> {
    if (!isUuid(id) || !(await this.apiKeys.revoke(userId, id, new Date()))) throw notFound('API key', id);
    this.cache.forget(userId);
  }

  private record(userId: string, request: ApiKeyRequest, key: string, now: Date): ApiKeyEntity {
    return {
      id: uuid(),
      userId,
      name: request.name,
      prefix: prefixOf(key),
      keyHash: this.keys.mac('api-key', key),
      scopes: request.scopes,
      createdAt: now,
      expiresAt: request.expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
  }
}

/** What the new key would be allowed beyond its maker; null where it stays within. */
function wideningScope(maker: Principal, scopes: readonly Permission[] | null): string | null {
  if (scopes === null) return maker.scopes === null ? null : 'all permissions';
  return scopes.find((scope) => !principalAllows(maker, scope)) ?? null;
}
