import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SetupTokenEntity } from './setup-token.entity.js';

@Injectable()
export class SetupTokensRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes this the only token. */
  async replace(tokenHash: Buffer, createdAt: Date): Promise<void> {
    await this.dataSource.getRepository(SetupTokenEntity).upsert({ id: 1, tokenHash, createdAt }, ['id']);
  }

  /** Uses the token up; whether it was the right one. */
  async consume(manager: EntityManager, tokenHash: Buffer): Promise<boolean> {
    const { affected } = await manager.getRepository(SetupTokenEntity).delete({ tokenHash });
    return affected === 1;
  }

  async deleteAll(): Promise<void> {
    await this.dataSource.getRepository(SetupTokenEntity).deleteAll();
  }
}
