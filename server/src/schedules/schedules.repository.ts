import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { roleAllows, type Role } from '../auth/domain/permissions.js';
import type { RunMaker } from '../runs/actor.js';
import { ScheduleTickEntity } from './schedule-tick.entity.js';
import { ScheduleEntity } from './schedule.entity.js';

/** Of a schedule; the rest is forgotten. */
const KEPT_TICKS = 100;

@Injectable()
export class SchedulesRepository {
  constructor(private readonly dataSource: DataSource) {}

  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** Everybody's where `ownerId` is null. */
  list(ownerId: string | null): Promise<ScheduleEntity[]> {
    return this.dataSource
      .getRepository(ScheduleEntity)
      .find({ where: ownerId === null ? {} : { ownerId }, order: { name: 'ASC', id: 'ASC' }, take: 1000 });
  }

  count(ownerId: string): Promise<number> {
    return this.dataSource.getRepository(ScheduleEntity).countBy({ ownerId });
  }

  find(id: string): Promise<ScheduleEntity | null> {
    return this.dataSource.getRepository(ScheduleEntity).findOneBy({ id });
  }

  async insert(schedule: ScheduleEntity): Promise<void> {
    await this.dataSource.getRepository(ScheduleEntity).save(schedule);
  }

  async remove(id: string): Promise<void> {
    await this.dataSource.getRepository(ScheduleEntity).delete({ id });
  }

  /** Newest first. */
  ticks(scheduleId: string): Promise<ScheduleTickEntity[]> {
    return this.dataSource
      .getRepository(ScheduleTickEntity)
      .find({ where: { scheduleId }, order: { scheduledAt: 'DESC' }, take: KEPT_TICKS });
  }

  /** Ids of those whose tick has come and that do not wait for the run of the tick before. */
  async due(now: Date): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      // One look by key for each: planned as a join it could read all runs, every second.
      `SELECT s.id FROM schedules s
       LEFT JOIN LATERAL (SELECT status FROM runs WHERE id = s.last_run_id OFFSET 0) r ON true
       WHERE s.enabled AND s.next_run_at <= $1
         AND NOT (s.overlap = 'queue' AND coalesce(r.status IN ('running', 'paused'), false))
       ORDER BY s.next_run_at LIMIT 100`,
      [now],
    );
    return rows.map(({ id }) => id);
  }

  /** The schedule under its row lock; null where it is gone, or another process is at it. */
  lock(tx: EntityManager, id: string): Promise<ScheduleEntity | null> {
    return tx.findOne(ScheduleEntity, {
      where: { id },
      lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
    });
  }

  /** The schedule under its row lock, once nobody else holds it. */
  lockForChange(tx: EntityManager, id: string): Promise<ScheduleEntity | null> {
    return tx.findOne(ScheduleEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The id of the run of the last tick, where it is not over. */
  async working(tx: EntityManager, { lastRunId }: ScheduleEntity): Promise<string | null> {
    if (lastRunId === null) return null;
    const rows: unknown[] = await tx.query(
      `SELECT FROM runs WHERE id = $1 AND status IN ('running', 'paused')`,
      [lastRunId],
    );
    return rows.length === 1 ? lastRunId : null;
  }

  /** Who the schedule acts for; null where that person may not create runs any more. */
  async maker(userId: string): Promise<RunMaker | null> {
    const [user] = await this.dataSource.query<{ name: string; role: Role }[]>(
      'SELECT name, role FROM users WHERE id = $1 AND disabled_at IS NULL',
      [userId],
    );
    return user && roleAllows(user.role, 'runs:create') ? { userId, name: user.name } : null;
  }

  async save(tx: EntityManager, schedule: ScheduleEntity): Promise<void> {
    await tx.save(ScheduleEntity, schedule);
  }

  /** Records the tick and forgets old ones. */
  async record(tx: EntityManager, tick: ScheduleTickEntity): Promise<void> {
    await tx.insert(ScheduleTickEntity, tick);
    await tx.query(
      `DELETE FROM schedule_ticks WHERE schedule_id = $1 AND scheduled_at < (
         SELECT scheduled_at FROM schedule_ticks WHERE schedule_id = $1
         ORDER BY scheduled_at DESC OFFSET $2 LIMIT 1)`,
      [tick.scheduleId, KEPT_TICKS - 1],
    );
  }
}
