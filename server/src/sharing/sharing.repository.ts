import { Injectable } from '@nestjs/common';
import { DataSource, ILike, In, IsNull, type EntityManager } from 'typeorm';
import { roleAllows } from '../auth/domain/permissions.js';
import { UserEntity } from '../auth/user.entity.js';
import { RunCommentEntity } from './run-comment.entity.js';
import { RunShareEntity } from './run-share.entity.js';

const FOUND_PEOPLE = 10;
const SHOWN_COMMENTS = 1000;
const SHOWN_MENTIONS = 100;

@Injectable()
export class SharingRepository {
  constructor(private readonly dataSource: DataSource) {}

  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /** People who can sign in and whose name or address begins so. */
  people(beginning: string): Promise<UserEntity[]> {
    const like = ILike(`${beginning.replaceAll(/[\\%_]/gu, '\\$&')}%`);
    return this.manager.find(UserEntity, {
      where: [
        { name: like, disabledAt: IsNull() },
        { email: like, disabledAt: IsNull() },
      ],
      order: { name: 'ASC', id: 'ASC' },
      take: FOUND_PEOPLE,
    });
  }

  async users(ids: readonly string[]): Promise<ReadonlyMap<string, UserEntity>> {
    const users = await this.manager.findBy(UserEntity, { id: In([...new Set(ids)]) });
    return new Map(users.map((user) => [user.id, user]));
  }

  usersByEmail(emails: readonly string[]): Promise<UserEntity[]> {
    return this.manager.findBy(UserEntity, { email: In([...emails]) });
  }

  shares(runId: string): Promise<RunShareEntity[]> {
    return this.manager.findBy(RunShareEntity, { runId });
  }

  share(runId: string, id: string): Promise<RunShareEntity | null> {
    return this.manager.findOneBy(RunShareEntity, { runId, id });
  }

  /** Which of the people see the run. */
  async seeing(runId: string, ownerId: string, users: readonly UserEntity[]): Promise<UserEntity[]> {
    const shares = await this.shares(runId);
    return users.filter(
      (user) =>
        user.id === ownerId ||
        roleAllows(user.role, 'runs:read_all') ||
        shares.some(({ userId }) => userId === null || userId === user.id),
    );
  }

  /** The newest, oldest first. */
  async comments(runId: string): Promise<RunCommentEntity[]> {
    const newest = await this.manager.find(RunCommentEntity, {
      where: { runId },
      order: { id: 'DESC' },
      take: SHOWN_COMMENTS,
    });
    return newest.reverse();
  }

  comment(runId: string, id: string): Promise<RunCommentEntity | null> {
    return this.manager.findOneBy(RunCommentEntity, { runId, id });
  }

  /** Newest first; of runs that the person still sees. */
  mentioning(userId: string, seesAll: boolean): Promise<RunCommentEntity[]> {
    return this.manager
      .createQueryBuilder(RunCommentEntity, 'c')
      .where('c.mentions @> ARRAY[:userId]::uuid[] AND c.deleted_at IS NULL', { userId })
      .andWhere(
        `(:seesAll OR EXISTS (SELECT FROM runs r WHERE r.id = c.run_id AND r.owner_id = :userId)
          OR EXISTS (SELECT FROM run_shares s WHERE s.run_id = c.run_id AND (s.user_id = :userId OR s.user_id IS NULL)))`,
        { seesAll },
      )
      .orderBy('c.id', 'DESC')
      .limit(SHOWN_MENTIONS)
      .getMany();
  }
}
