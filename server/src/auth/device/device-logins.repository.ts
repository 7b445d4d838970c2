import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan, MoreThan, type Repository } from 'typeorm';
import { DeviceLoginEntity } from './device-login.entity.js';

@Injectable()
export class DeviceLoginsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(login: DeviceLoginEntity): Promise<void> {
    await this.logins().insert(login);
  }

  /** How many wait, in all or from one address. */
  countWaiting(now: Date, address?: string | null): Promise<number> {
    const from = address === undefined ? {} : { address: address ?? IsNull() };
    return this.logins().countBy({ expiresAt: MoreThan(now), ...from });
  }

  /** The one that still waits for a decision under this code. */
  undecided(userCode: string, now: Date): Promise<DeviceLoginEntity | null> {
    return this.logins().findOneBy({ userCode, approved: IsNull(), expiresAt: MoreThan(now) });
  }

  /** Whether it still waited. */
  async decide(userCode: string, userId: string, approved: boolean, now: Date): Promise<boolean> {
    const { affected } = await this.logins().update(
      { userCode, approved: IsNull(), expiresAt: MoreThan(now) },
      { userId, approved },
    );
    return affected === 1;
  }

  /** Locked until the transaction ends, so that of simultaneous questions one is given the sign-in. */
  lock(manager: EntityManager, deviceCodeHash: Buffer): Promise<DeviceLoginEntity | null> {
    return manager
      .getRepository(DeviceLoginEntity)
      .findOne({ where: { deviceCodeHash }, lock: { mode: 'pessimistic_write' } });
  }

  async deleteExpiredBefore(time: Date): Promise<void> {
    await this.logins().delete({ expiresAt: LessThan(time) });
  }

  private logins(): Repository<DeviceLoginEntity> {
    return this.dataSource.getRepository(DeviceLoginEntity);
  }
}
