import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { DomainError } from '../problems/domain-error.js';
import { RunsService, type PreparedRun } from '../runs/runs.service.js';
import { TemplatesService } from '../templates/templates.service.js';
import { decideTick, type TickOutcome } from './domain/decide-tick.js';
import type { ScheduleEntity } from './schedule.entity.js';
import { SchedulesRepository } from './schedules.repository.js';

const EVERY_MS = 1000;

type Plan =
  | { readonly kind: 'ready'; readonly run: PreparedRun }
  | { readonly kind: 'refused'; readonly detail: string };

/**
 * Creates the runs of schedules when their time has come. Works in every worker process at once: a tick is decided,
 * recorded and its run created in one transaction under the schedule's row lock, so that it happens once.
 */
@Injectable()
export class Scheduler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Scheduler.name);
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly runs: RunsService,
    private readonly templates: TemplatesService,
    private readonly config: AppConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.timer = setInterval(() => {
      if (!this.busy) this.working = this.round(new Date());
    }, EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.working;
  }

  /** Does every tick that is due. What fails is logged and tried again with the next round. */
  async round(now: Date): Promise<void> {
    this.busy = true;
    try {
      for (const id of await this.schedules.due(now)) {
        await this.tick(id, now).catch((error: unknown) => {
          this.warn(error);
        });
      }
    } catch (error) {
      // The database is away for a while.
      this.warn(error);
    } finally {
      this.busy = false;
    }
  }

  private async tick(id: string, now: Date): Promise<void> {
    const found = await this.schedules.find(id);
    if (found === null) return;
    const plan = await this.plan(found);
    await this.schedules.transaction(async (tx) => {
      const schedule = await this.schedules.lock(tx, id);
      // Changed since it was planned: the next round plans it anew.
      if (schedule?.enabled !== true || schedule.updatedAt.getTime() !== found.updatedAt.getTime()) return;
      const decision = decideTick(schedule, await this.schedules.working(tx, schedule), now);
      if (decision.kind === 'nothing') return;
      const [outcome, runId, detail] = outcomeOf(decision, plan);
      if (outcome === 'started' && plan.kind === 'ready') await plan.run.insert(tx);
      schedule.nextRunAt = decision.next;
      schedule.lastRunId = runId ?? schedule.lastRunId;
      await this.schedules.save(tx, schedule);
      await this.schedules.record(tx, {
        scheduleId: id,
        scheduledAt: decision.at,
        at: new Date(),
        outcome,
        runId,
        detail,
      });
    });
  }

  /** Prepared outside of the transaction: a repository may be far away. */
  private async plan(schedule: ScheduleEntity): Promise<Plan> {
    const maker = await this.schedules.maker(schedule.ownerId);
    if (maker === null)
      return { kind: 'refused', detail: 'The owner of the schedule may not create runs any more.' };
    try {
      const asked = await this.templates.fillIn(schedule.run);
      return { kind: 'ready', run: await this.runs.prepare(asked, maker, { schedule_id: schedule.id }) };
    } catch (error) {
      if (error instanceof DomainError) return { kind: 'refused', detail: error.message };
      throw error;
    }
  }

  private warn(error: unknown): void {
    this.logger.warn(`Schedules: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function outcomeOf(
  decision: Exclude<ReturnType<typeof decideTick>, { kind: 'nothing' }>,
  plan: Plan,
): [TickOutcome, string | null, string | null] {
  if (decision.kind === 'skip') return ['skipped', null, decision.detail];
  return plan.kind === 'ready' ? ['started', plan.run.id, decision.detail] : ['refused', null, plan.detail];
}
