import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Logger as QueueLogger, run, type Runner, type TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import { AppConfig } from '../config/app-config.js';
import { DATABASE_URL } from '../persistence/database-url.js';
import { AgentOffers } from './agents/agent-offers.js';
import { PhaseFinisher } from './phase-finisher.js';
import { openQueuePool } from './queue-pool.js';
import { StepRunner } from './step-runner.js';
import { WebhookDeliverer } from '../webhooks/webhook-deliverer.js';
import { DELIVER_WEBHOOK } from '../webhooks/webhook-jobs.js';
import { Sweep } from './sweep.js';

/** Evaluations are short; steps must not keep them waiting. */
const EVALUATIONS_AT_A_TIME = 4;
/** Receivers that do not answer keep nothing waiting but other deliveries. */
const DELIVERIES_AT_A_TIME = 8;
/** One for each runner to listen on; the others for taking and ending jobs, which hold none while they are done. */
const QUEUE_CONNECTIONS = 4 + 8;
/** Where a worker of the queue ends nevertheless, the library would end all of them. */
const REPLACE_ENDED_WORKERS: GraphileConfig.Plugin = {
  name: 'OrchestratorReplaceEndedWorkers',
  version: '1.0.0',
  worker: {
    middleware: {
      poolWorkerPrematureExit(_next, event) {
        event.replaceWithNewWorker();
      },
    },
  },
};

/** How often a job that became due later (a back-off) is looked for, milliseconds. */
const POLL_MS = 500;

/**
 * Takes jobs from the queue in PostgreSQL and does them. A job only says that something is ready: whoever does it
 * claims it first, so that a job that comes twice, or late, does no harm.
 */
@Injectable()
export class Queue implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Queue.name);
  private readonly stop = new AbortController();
  private runners: readonly Runner[] = [];
  private pool: Pool | null = null;

  constructor(
    private readonly config: AppConfig,
    private readonly steps: StepRunner,
    private readonly offers: AgentOffers,
    private readonly phases: PhaseFinisher,
    private readonly sweep: Sweep,
    private readonly webhooks: WebhookDeliverer,
    @Inject(DATABASE_URL) private readonly databaseUrl: string,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.role === 'api') return;
    const { stepConcurrency, agentConcurrency } = this.config.limits;
    const pool = (this.pool = this.openPool());
    this.runners = await Promise.all([
      this.start(pool, stepConcurrency, {
        run_step: (payload) => this.steps.run(idOf(payload), this.stop.signal),
      }),
      // Beside the others: an agent that waits for a budget holds its place.
      this.start(pool, agentConcurrency, {
        offer_step: (payload) => this.offers.take(idOf(payload), this.stop.signal),
      }),
      this.start(pool, EVALUATIONS_AT_A_TIME, {
        finish_phase: (payload) => this.phases.finish(idOf(payload)),
      }),
      this.start(pool, DELIVERIES_AT_A_TIME, {
        [DELIVER_WEBHOOK]: (payload) => this.webhooks.deliver(idOf(payload), this.stop.signal),
      }),
    ]);
    await this.sweep.start();
  }

  /** No new claims; what runs gets the grace time and is handed back after it. */
  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    await this.sweep.stop();
    await Promise.all(this.runners.map((runner) => runner.stop()));
    this.runners = [];
    await this.pool?.end();
    this.pool = null;
  }

  /** Ours, since the library's own pool is still closing when its runner says that it has stopped. */
  private openPool(): Pool {
    return openQueuePool(this.databaseUrl, QUEUE_CONNECTIONS, ({ message }) => {
      this.logger.warn(`A connection was lost: ${message}`);
    });
  }

  private start(pgPool: Pool, concurrency: number, taskList: TaskList): Promise<Runner> {
    return run({
      pgPool,
      concurrency,
      taskList,
      preset: { plugins: [REPLACE_ENDED_WORKERS] },
      noHandleSignals: true,
      pollInterval: POLL_MS,
      gracefulShutdownAbortTimeout: this.config.limits.graceMs * 2 + 30_000,
      crontab: '',
      logger: new QueueLogger(() => (level, message) => {
        if (level === 'error') this.logger.error(message);
        else if (level === 'warning') this.logger.warn(message);
      }),
    });
  }
}

function idOf(payload: unknown): string {
  const id = typeof payload === 'object' && payload !== null && 'id' in payload ? payload.id : null;
  if (typeof id !== 'string') throw new Error('The job has no id');
  return id;
}
