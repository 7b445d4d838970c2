import { Injectable, Logger } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { SYSTEM, tryOf } from '../runs/domain/change.js';
import { expireStep, finishStep } from '../runs/domain/finish-step.js';
import { BudgetWatch } from '../budgets/budget-watch.js';
import { RunChanges } from '../runs/run-changes.js';
import { addJob } from '../runs/run-change-writer.js';
import { DataSource } from 'typeorm';
import { reapStepProcesses, runningStepAttempts } from './executors/step-processes.js';
import { LocalWorker } from './local-worker.js';
import { SweepRepository, type LostTry } from './sweep.repository.js';
import { WorkersRepository } from './workers.repository.js';

/**
 * Finds what nobody works on any more and sets it going again: lost steps, evaluations and jobs. Runs in every
 * worker process at once; each finding is decided under its run's row lock, so that it is decided once.
 */
@Injectable()
export class Sweep {
  private readonly logger = new Logger(Sweep.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly found: SweepRepository,
    private readonly changes: RunChanges,
    private readonly dataSource: DataSource,
    private readonly workers: WorkersRepository,
    private readonly worker: LocalWorker,
    private readonly budgets: BudgetWatch,
    private readonly config: AppConfig,
  ) {}

  async start(): Promise<void> {
    await this.workers.enter(this.worker.id, 'local', []);
    this.timer = setInterval(() => {
      // Looks that take longer than the time between them must not pile up.
      this.running ??= this.round().finally(() => {
        this.running = null;
      });
    }, this.config.limits.sweepMs);
  }

  async stop(): Promise<void> {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    await this.running;
    await this.workers.leave(this.worker.id);
  }

  /** One look. What fails is logged and tried again with the next. */
  async round(): Promise<void> {
    try {
      await this.workers.heartbeat(this.worker.id);
      for (const lost of await this.found.lostTries()) await this.attempt(() => this.markLost(lost));
      for (const { runId, stepId } of await this.found.expiredSteps()) {
        await this.attempt(() => this.expire(runId, stepId));
      }
      for (const { job, priority } of await this.found.forgottenJobs()) {
        await addJob(this.dataSource.manager, job, priority);
      }
      await this.found.removeDeadJobs();
      await this.endOrphans();
      await this.attempt(() => this.budgets.round());
    } catch (error) {
      // The database is away for a while: the next round looks again.
      this.warn(error);
    }
  }

  /** Ends what a killed worker left running on this machine for a try that nobody will take up again. */
  private async endOrphans(): Promise<void> {
    for (const id of await this.found.endedTries(await runningStepAttempts())) await reapStepProcesses(id);
  }

  /** One finding that is at fault must not keep the others waiting. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.warn(error));
  }

  private warn(error: unknown): void {
    this.logger.warn(`Sweep: ${error instanceof Error ? error.message : String(error)}`);
  }

  private async expire(runId: string, stepId: string): Promise<void> {
    await this.changes.change(runId, SYSTEM, (change) => {
      const step = change.steps.find((candidate) => candidate.id === stepId);
      const over = step?.status === 'waiting' && step.expiresAt !== null && step.expiresAt < change.now;
      if (over && change.run.status === 'running') expireStep(change, step);
    });
  }

  private async markLost({ runId, stepAttemptId, workerId }: LostTry): Promise<void> {
    await this.changes.change(runId, SYSTEM, (change) => {
      const step = change.steps.find((candidate) => tryOf(change, candidate)?.id === stepAttemptId);
      const held = step === undefined ? undefined : tryOf(change, step);
      const expired = held?.leaseExpiresAt !== null && held !== undefined && held.leaseExpiresAt < change.now;
      if (step === undefined || held?.status !== 'running' || !expired) return;
      const message = `Worker ${workerId ?? 'unknown'} stopped answering.`;
      finishStep(change, step, held, {
        kind: 'lost',
        failure: { code: 'lost', message, phase: step.phase, step: step.key, exit_code: null, signal: null },
        retryable: true,
        warnings: [],
      });
    });
  }
}
