import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, type Notification } from 'pg';

export interface ListenerTimes {
  /** Between two checks that the connection still answers. */
  readonly checkMs: number;
  /** An answer that takes longer means that the connection is dead. */
  readonly answerMs: number;
  /** Before the first try to connect again; doubles up to two seconds. */
  readonly retryMs: number;
}

export const LISTENER_TIMES: ListenerTimes = { checkMs: 3000, answerMs: 3000, retryMs: 100 };
const LONGEST_RETRY_MS = 2000;

type OnNotification = (channel: string, payload: string) => void;

/**
 * The process's one connection that listens. A connection that is open on our side only is noticed, since it is
 * asked every few seconds, and replaced. What was notified meanwhile is lost: `onRestored` says so.
 */
export class PgListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PgListener.name);
  private readonly stopped = new AbortController();
  private running: Promise<void> | null = null;
  private readonly listeners = new Set<OnNotification>();
  private readonly restored = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly channels: readonly string[],
    private readonly times: ListenerTimes = LISTENER_TIMES,
  ) {}

  onApplicationBootstrap(): void {
    this.running ??= this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  onNotification(listener: OnNotification): void {
    this.listeners.add(listener);
  }

  /** Called whenever listening begins, the first time too. */
  onRestored(listener: () => void): void {
    this.restored.add(listener);
  }

  private async run(): Promise<void> {
    let retryMs = this.times.retryMs;
    while (!this.isStopped()) {
      const began = Date.now();
      try {
        await this.session();
      } catch (error) {
        if (this.isStopped()) return;
        this.logger.warn(
          `Live updates lost the database: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      }
      const lasted = Date.now() - began > LONGEST_RETRY_MS;
      retryMs = lasted ? this.times.retryMs : Math.min(retryMs * 2, LONGEST_RETRY_MS);
      await this.sleep(retryMs);
    }
  }

  /** Listens until the connection fails or the process stops. */
  private async session(): Promise<void> {
    const socket = new Socket();
    const client = new Client({
      connectionString: this.url,
      application_name: 'orchestrator live',
      connectionTimeoutMillis: this.times.answerMs,
      keepAlive: true,
      stream: () => socket,
    });
    const failed = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection was closed')));
    });
    failed.catch(() => undefined);
    client.on('notification', (notification) => this.dispatch(notification));
    try {
      await Promise.race([this.listen(client), failed]);
    } finally {
      // `end` would wait for a server that may be gone.
      socket.destroy();
    }
  }

  private async listen(client: Client): Promise<void> {
    await this.answered(client.connect());
    for (const channel of this.channels)
      await this.answered(client.query(`LISTEN ${client.escapeIdentifier(channel)}`));
    for (const listener of this.restored) listener();
    while (!this.isStopped()) {
      await this.sleep(this.times.checkMs);
      await this.answered(client.query('SELECT 1'));
    }
  }

  private async answered(answer: Promise<unknown>): Promise<void> {
    const late = new AbortController();
    const deadline = pause(this.times.answerMs, null, { signal: late.signal, ref: false }).then(
      () => Promise.reject(new Error('the database does not answer')),
      () => undefined,
    );
    answer.catch(() => undefined);
    await Promise.race([answer, deadline]).finally(() => late.abort());
  }

  private dispatch({ channel, payload }: Notification): void {
    for (const listener of this.listeners) listener(channel, payload ?? '');
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  private async sleep(ms: number): Promise<void> {
    // Ends early, and without an error, when the process stops.
    await pause(ms, null, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
  }
}
