import { readPattern } from './domain/cron.js';
import type { ScheduleTickEntity } from './schedule-tick.entity.js';
import type { ScheduleEntity } from './schedule.entity.js';
import type { ScheduleDto, ScheduleTickDto } from './schedules.dto.js';

const SHOWN_TIMES = 5;

/** The next times as texts. */
export const nextTimes = (cron: string, timeZone: string, now: Date): string[] =>
  readPattern(cron, timeZone)
    .after(now, SHOWN_TIMES)
    .map((time) => time.toISOString());

/** The schedule as the API shows it. */
export const presentSchedule = (schedule: ScheduleEntity, now: Date): ScheduleDto => ({
  schedule_id: schedule.id,
  name: schedule.name,
  owner_id: schedule.ownerId,
  cron: schedule.cron,
  time_zone: schedule.timeZone,
  overlap: schedule.overlap,
  catch_up: schedule.catchUp,
  enabled: schedule.enabled,
  run: schedule.run,
  next_run_at: schedule.nextRunAt?.toISOString() ?? null,
  next_times: schedule.enabled ? nextTimes(schedule.cron, schedule.timeZone, now) : [],
  last_run_id: schedule.lastRunId,
  created_at: schedule.createdAt.toISOString(),
  updated_at: schedule.updatedAt.toISOString(),
});

export const presentTick = (tick: ScheduleTickEntity): ScheduleTickDto => ({
  scheduled_at: tick.scheduledAt.toISOString(),
  at: tick.at.toISOString(),
  outcome: tick.outcome,
  run_id: tick.runId,
  detail: tick.detail,
});
