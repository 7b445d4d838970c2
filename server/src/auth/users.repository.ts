import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, type Repository } from 'typeorm';
import { UserEntity } from './user.entity.js';

@Injectable()
export class UsersRepository {
  constructor(private readonly dataSource: DataSource) {}

  byId(id: string): Promise<UserEntity | null> {
    return this.users().findOneBy({ id });
  }

  byEmail(email: string, manager: EntityManager = this.dataSource.manager): Promise<UserEntity | null> {
    return manager.getRepository(UserEntity).findOneBy({ email });
  }

  byExternalId(externalId: string): Promise<UserEntity | null> {
    return this.users().findOneBy({ externalId });
  }

  /** Whether there is an administrator who is a person, be it a disabled one. */
  adminExists(manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    return manager.getRepository(UserEntity).existsBy({ role: 'admin', kind: 'person' });
  }

  page(limit: number, offset: number): Promise<[UserEntity[], number]> {
    return this.users().findAndCount({ order: { createdAt: 'ASC', id: 'ASC' }, take: limit, skip: offset });
  }

  /** Whether it was new: an e-mail that exists is left as it is. */
  async insertNew(manager: EntityManager, user: UserEntity): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(UserEntity)
      .values(user)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length > 0;
  }

  /** Locks the row of every enabled administrator who is a person until the transaction ends. */
  async lockAdminIds(manager: EntityManager): Promise<string[]> {
    const admins = await manager.getRepository(UserEntity).find({
      where: { role: 'admin', kind: 'person', disabledAt: IsNull() },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
    return admins.map(({ id }) => id);
  }

  async update(manager: EntityManager, id: string, changes: Partial<Omit<UserEntity, 'id'>>): Promise<void> {
    await manager.getRepository(UserEntity).update({ id }, changes);
  }

  /** Whether the person had no id of the proxy's yet and now has this one. */
  async linkExternalId(id: string, externalId: string): Promise<boolean> {
    const { affected } = await this.users().update({ id, externalId: IsNull() }, { externalId });
    return affected === 1;
  }

  private users(): Repository<UserEntity> {
    return this.dataSource.getRepository(UserEntity);
  }
}
