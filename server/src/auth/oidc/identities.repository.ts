import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UserEntity } from '../user.entity.js';
import { IdentityEntity } from './identity.entity.js';

@Injectable()
export class IdentitiesRepository {
  constructor(private readonly dataSource: DataSource) {}

  userOf(
    issuer: string,
    subject: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<UserEntity | null> {
    return manager
      .createQueryBuilder(UserEntity, 'u')
      .innerJoin(IdentityEntity, 'i', 'i.userId = u.id')
      .where('i.issuer = :issuer AND i.subject = :subject', { issuer, subject })
      .getOne();
  }

  /** Leaves an identity that exists, and one of the same provider that the person has, as they are. */
  async insertNew(manager: EntityManager, identity: IdentityEntity): Promise<void> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(IdentityEntity)
      .values(identity)
      .orIgnore()
      .updateEntity(false)
      .execute();
  }
}
