import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { RunSignals } from '../live/run-signals.js';
import { WebhookFanOut } from './webhook-fan-out.js';

/** A lost notification, or an older transaction that was still open, costs at most this long. */
const EVERY_MS = 1000;

/** Hands out events when they come, and looks now and then for deliveries that the queue lost; in every worker process. */
@Injectable()
export class WebhookRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(WebhookRounds.name);
  private readonly timers: NodeJS.Timeout[] = [];
  private unsubscribe: () => void = () => undefined;
  private working: Promise<void> | null = null;
  private looking: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly fanOut: WebhookFanOut,
    private readonly signals: RunSignals,
    private readonly config: AppConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.unsubscribe = this.signals.subscribeToAll(() => this.wake());
    this.timers.push(setInterval(() => this.wake(), EVERY_MS).unref());
    this.timers.push(setInterval(() => this.look(), this.config.limits.sweepMs).unref());
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    this.timers.forEach(clearInterval);
    await Promise.all([this.working, this.looking]);
  }

  private look(): void {
    this.looking ??= this.attempt(() => this.fanOut.queueForgotten()).finally(() => {
      this.looking = null;
    });
  }

  /** One round at a time; what comes meanwhile gets one more. */
  private wake(): void {
    if (this.stopped) return;
    if (this.working !== null) {
      this.again = true;
      return;
    }
    this.working = this.attempt(() => this.fanOut.round()).finally(() => {
      this.working = null;
      if (!this.again) return;
      this.again = false;
      this.wake();
    });
  }

  /** What fails is logged and tried again with the next round. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      this.logger.warn(`Webhooks: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
