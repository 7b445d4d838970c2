import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type Repository } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity.js';

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(key: ApiKeyEntity): Promise<void> {
    await this.keys().insert(key);
  }

  /** The user's keys that were not revoked, newest first. */
  ofUser(userId: string): Promise<ApiKeyEntity[]> {
    return this.keys().find({ where: { userId, revokedAt: IsNull() }, order: { createdAt: 'DESC' } });
  }

  countOfUser(userId: string): Promise<number> {
    return this.keys().countBy({ userId, revokedAt: IsNull() });
  }

  /** Whether the user had this key and it was good. */
  async revoke(userId: string, id: string, now: Date): Promise<boolean> {
    const { affected } = await this.keys().update({ id, userId, revokedAt: IsNull() }, { revokedAt: now });
    return affected === 1;
  }

  private keys(): Repository<ApiKeyEntity> {
    return this.dataSource.getRepository(ApiKeyEntity);
  }
}
