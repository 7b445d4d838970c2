import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DeviceLoginsRepository } from './device/device-logins.repository.js';
import { LoginAttemptsRepository } from './login-attempts.repository.js';
import { SessionsRepository } from './sessions.repository.js';

const EVERY_MS = 10 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Removes what has no more meaning: sign-ins a day after their end, device sign-ins at theirs, failed attempts after a day. */
@Injectable()
export class AuthHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AuthHousekeeping.name);
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly attempts: LoginAttemptsRepository,
    private readonly deviceLogins: DeviceLoginsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.tidy(new Date()).catch((error: unknown) => {
        this.logger.warn(
          `Ended sign-ins stay for now: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      });
    }, EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  async tidy(now: Date): Promise<void> {
    const yesterday = new Date(now.getTime() - DAY_MS);
    await this.sessions.deleteExpiredBefore(yesterday);
    await this.attempts.deleteOlderThan(yesterday);
    await this.deviceLogins.deleteExpiredBefore(now);
  }
}
