import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7, validate } from 'uuid';
import { listedOwner, principalAllows, type Principal } from '../auth/domain/principal.js';
import { once } from '../idempotency/once.js';
import { DomainError, invalid, notFound } from '../problems/domain-error.js';
import type { CreateRunDto } from '../runs/dto/create-run.dto.js';
import type { RunSummaryDto } from '../runs/dto/run-summary.dto.js';
import { RunsService, type PreparedRun } from '../runs/runs.service.js';
import { TemplatesService } from '../templates/templates.service.js';
import { readPattern } from './domain/cron.js';
import { nextTimes, presentSchedule, presentTick } from './present-schedule.js';
import type { ScheduleEntity } from './schedule.entity.js';
import type {
  CreateScheduleDto,
  PreviewScheduleDto,
  ScheduleDetailDto,
  ScheduleDto,
  UpdateScheduleDto,
} from './schedules.dto.js';
import { SchedulesRepository } from './schedules.repository.js';

const MOST_OF_ONE_PERSON = 200;

/** Schedules are seen and changed by their owner, and by whoever sees all runs. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly runs: RunsService,
    private readonly templates: TemplatesService,
  ) {}

  async list(by: Principal): Promise<ScheduleDto[]> {
    const ownerId = listedOwner(by);
    const now = new Date();
    return (await this.schedules.list(ownerId)).map((schedule) => presentSchedule(schedule, now));
  }

  /** @throws DomainError 404 */
  async detail(id: string, by: Principal): Promise<ScheduleDetailDto> {
    const schedule = await this.visible(id, by);
    const ticks = await this.schedules.ticks(id);
    return { ...presentSchedule(schedule, new Date()), ticks: ticks.map(presentTick) };
  }

  /** @throws DomainError 400 when the pattern or zone is wrong */
  preview({ cron, time_zone: zone }: PreviewScheduleDto): string[] {
    checkPattern(cron, zone ?? 'UTC');
    return nextTimes(cron, zone ?? 'UTC', new Date());
  }

  /** @throws DomainError 400 when the pattern or the run does not fit, 409 when the caller has too many */
  async create(asked: CreateScheduleDto, by: Principal): Promise<ScheduleDto> {
    if ((await this.schedules.count(by.userId)) >= MOST_OF_ONE_PERSON) {
      const most = String(MOST_OF_ONE_PERSON);
      throw new DomainError(409, 'too_many_schedules', `You have ${most} schedules: remove one first.`);
    }
    const now = new Date();
    const fresh = { id: v7(), ownerId: by.userId, lastRunId: null, nextRunAt: null, createdAt: now };
    const schedule = settled({ ...fresh, ...STANDARD, ...contentOf(asked) }, now);
    await this.checkRun(schedule.run, by);
    await this.schedules.insert(schedule);
    return presentSchedule(schedule, now);
  }

  /** @throws DomainError 400, 404 */
  async update(id: string, asked: UpdateScheduleDto, by: Principal): Promise<ScheduleDto> {
    await this.visible(id, by);
    if (asked.run) await this.checkRun(asked.run, by);
    return this.schedules.transaction(async (tx) => {
      const schedule = await this.schedules.lockForChange(tx, id);
      if (schedule === null) throw notFound('Schedule', id);
      const now = new Date();
      const changed = settled({ ...schedule, ...contentOf(asked) }, now);
      await this.schedules.save(tx, changed);
      return presentSchedule(changed, now);
    });
  }

  /** @throws DomainError 404 */
  async remove(id: string, by: Principal): Promise<void> {
    await this.visible(id, by);
    await this.schedules.remove(id);
  }

  /** Creates its run at once, for the caller. @throws DomainError 400, 404 */
  async runNow(id: string, by: Principal): Promise<RunSummaryDto> {
    const schedule = await this.visible(id, by);
    const asked = await this.templates.fillIn(schedule.run);
    const run = await this.runs.prepare(asked, by, { schedule_id: id });
    const runId = await this.schedules.transaction((tx) =>
      once(tx, 'run', () => this.start(tx, id, run, by)),
    );
    return this.runs.summary(runId);
  }

  private async start(tx: EntityManager, id: string, run: PreparedRun, by: Principal): Promise<string> {
    const held = await this.schedules.lockForChange(tx, id);
    if (held === null) throw notFound('Schedule', id);
    await run.insert(tx);
    await this.schedules.save(tx, { ...held, lastRunId: run.id });
    const now = new Date();
    const detail = `Started by hand by ${by.name}.`;
    await this.schedules.record(tx, {
      ...{ scheduleId: id, scheduledAt: now, at: now },
      ...{ outcome: 'started', runId: run.id, detail },
    });
    return run.id;
  }

  private async visible(id: string, by: Principal): Promise<ScheduleEntity> {
    const schedule = validate(id) ? await this.schedules.find(id) : null;
    const seen = schedule?.ownerId === by.userId || principalAllows(by, 'runs:read_all');
    if (schedule === null || !seen) throw notFound('Schedule', id);
    return schedule;
  }

  /** What could not be created now would not be created at its time either. */
  private async checkRun(run: CreateRunDto, by: Principal): Promise<void> {
    try {
      await this.runs.prepare(await this.templates.fillIn(run), by);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      const errors = (error.extra.errors ?? []).map(({ pointer, message }) => ({
        pointer: `/run${pointer}`,
        message,
      }));
      throw new DomainError(error.status, error.code, error.message, { ...error.extra, errors });
    }
  }
}

const STANDARD = { timeZone: 'UTC', overlap: 'skip', catchUp: 'once', enabled: true } as const;

/** What a body says, by the names of the row; what it does not say is absent. */
function contentOf(
  asked: CreateScheduleDto,
): Pick<ScheduleEntity, 'name' | 'cron' | 'run'> & Partial<ScheduleEntity>;
function contentOf(asked: UpdateScheduleDto): Partial<ScheduleEntity>;
function contentOf(asked: UpdateScheduleDto): Partial<ScheduleEntity> {
  return {
    ...(asked.name !== undefined && { name: asked.name }),
    ...(asked.cron !== undefined && { cron: asked.cron }),
    ...(asked.run !== undefined && { run: asked.run }),
    ...(asked.time_zone !== undefined && { timeZone: asked.time_zone }),
    ...(asked.overlap !== undefined && { overlap: asked.overlap }),
    ...(asked.catch_up !== undefined && { catchUp: asked.catch_up }),
    ...(asked.enabled !== undefined && { enabled: asked.enabled }),
  };
}

/** The schedule with its next tick, counted from now. */
function settled(schedule: Omit<ScheduleEntity, 'updatedAt'>, now: Date): ScheduleEntity {
  const pattern = checkPattern(schedule.cron, schedule.timeZone);
  const nextRunAt = schedule.enabled ? (pattern.after(now, 1)[0] ?? null) : null;
  return { ...schedule, nextRunAt, updatedAt: now };
}

function checkPattern(cron: string, timeZone: string): ReturnType<typeof readPattern> {
  try {
    return readPattern(cron, timeZone);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const pointer = message.includes('time zone') ? '/time_zone' : '/cron';
    throw invalid(`The times of the schedule cannot be read: ${message}.`, [{ pointer, message }]);
  }
}
