import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan, MoreThan, Not, type Repository } from 'typeorm';
import type { LogoutClaims } from './oidc/domain/logout-claims.js';
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

  /**
   * Ends sign-ins by the identity provider that began before the logout token was made: those of one of its sessions
   * where it names one, else all of the subject. @returns whose they were
   */
  async revokeOfProvider(
    ended: LogoutClaims & { readonly issuer: string },
    now: Date,
  ): Promise<readonly string[]> {
    const { issuer, subject, sessionId, issuedAt } = ended;
    const query = this.sessions()
      .createQueryBuilder()
      .update()
      .set({ revokedAt: now })
      .where('revoked_at IS NULL AND sealed_id_token IS NOT NULL')
      .andWhere('created_at < :before', { before: new Date(issuedAt.getTime() + 1000) });
    if (sessionId !== null) query.andWhere('provider_session_id = :sessionId', { sessionId });
    if (subject !== null) {
      const owner = 'SELECT user_id FROM identities WHERE issuer = :issuer AND subject = :subject';
      query.andWhere(`user_id IN (${owner})`, { issuer, subject });
    }
    const result = await query.returning('user_id').execute();
    return (result.raw as { user_id: string }[]).map(({ user_id: userId }) => userId);
  }

  async deleteExpiredBefore(time: Date): Promise<void> {
    await this.sessions().delete({ expiresAt: LessThan(time) });
  }

  private sessions(): Repository<SessionEntity> {
    return this.dataSource.getRepository(SessionEntity);
  }
}
