import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan, MoreThan, Not, type Repository } from 'typeorm';
import { SessionEntity } from './session.entity.js';

@Injectable()
export class SessionsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(session: SessionEntity): Promise<void> {
    await this.sessions().insert(session);
  }

  byId(id: string): Promise<SessionEntity | null> {
    return this.sessions().findOneBy({ id });
  }

  /** Moves a live sign-in from one generation to the next; whether it was at that generation. */
  async rotate(id: string, generation: number, rotatedAt: Date, expiresAt: Date): Promise<boolean> {
    const { affected } = await this.sessions().update(
      { id, generation, revokedAt: IsNull(), expiresAt: MoreThan(rotatedAt) },
      { generation: generation + 1, rotatedAt, expiresAt },
    );
    return affected === 1;
  }

  activeOf(userId: string, now: Date): Promise<SessionEntity[]> {
    return this.sessions().find({
      where: { userId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
      order: { createdAt: 'DESC' },
      take: 200,
    });
  }

  async revoke(id: string, now: Date): Promise<void> {
    await this.sessions().update({ id, revokedAt: IsNull() }, { revokedAt: now });
  }

  /** Whether the user had this sign-in and it was live. */
  async revokeOwn(userId: string, id: string, now: Date): Promise<boolean> {
    const { affected } = await this.sessions().update(
      { id, userId, revokedAt: IsNull() },
      { revokedAt: now },
    );
    return affected === 1;
  }

  /** Ends all sign-ins of the user but the one to keep. */
  async revokeAll(manager: EntityManager, userId: string, keepId: string | null, now: Date): Promise<void> {
    const others = keepId === null ? {} : { id: Not(keepId) };
    await manager
      .getRepository(SessionEntity)
      .update({ userId, revokedAt: IsNull(), ...others }, { revokedAt: now });
  }

  async deleteExpiredBefore(time: Date): Promise<void> {
    await this.sessions().delete({ expiresAt: LessThan(time) });
  }

  private sessions(): Repository<SessionEntity> {
    return this.dataSource.getRepository(SessionEntity);
  }
}
