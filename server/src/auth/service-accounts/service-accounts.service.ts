import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, notFound } from '../../problems/domain-error.js';
import type { ApiKeyEntity } from '../api-key.entity.js';
import { type ApiKeyRequest, ApiKeysService } from '../api-keys.service.js';
import type { Role } from '../domain/permissions.js';
import type { Principal } from '../domain/principal.js';
import { serviceEmail } from '../domain/user-kind.js';
import type { UserEntity } from '../user.entity.js';
import { userRecord } from '../user-record.js';
import { UsersRepository } from '../users.repository.js';
import { UsersService } from '../users.service.js';

/** Accounts of programs: administrators make them and their API keys, and nobody signs in as them. */
@Injectable()
export class ServiceAccounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly users: UsersRepository,
    private readonly accounts: UsersService,
    private readonly apiKeys: ApiKeysService,
  ) {}

  /** @throws DomainError 409 `service_account_exists` */
  async create(handle: string, name: string, role: Role): Promise<UserEntity> {
    const user = userRecord({
      ...{ kind: 'service', email: serviceEmail(handle), name, role },
      ...{ passwordHash: null, externalId: null },
    });
    if (await this.users.insertNew(this.dataSource.manager, user)) return user;
    throw new DomainError(409, 'service_account_exists', `There is a service account ${handle} already.`);
  }

  /** @throws DomainError 404 */
  async keys(id: string): Promise<ApiKeyEntity[]> {
    return this.apiKeys.list((await this.get(id)).id);
  }

  /** @throws DomainError 404, and what `ApiKeysService.create` throws */
  async createKey(
    maker: Principal,
    id: string,
    request: ApiKeyRequest,
  ): Promise<{ record: ApiKeyEntity; key: string }> {
    const account = await this.get(id);
    return this.apiKeys.create(maker, request, account.id);
  }

  /** @throws DomainError 404 */
  async revokeKey(id: string, keyId: string): Promise<void> {
    await this.apiKeys.revoke((await this.get(id)).id, keyId);
  }

  private async get(id: string): Promise<UserEntity> {
    const user = await this.accounts.get(id);
    if (user.kind !== 'service') throw notFound('Service account', id);
    return user;
  }
}
