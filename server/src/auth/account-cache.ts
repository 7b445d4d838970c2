import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { DATABASE_URL } from '../persistence/database-url.js';
import type { Principal } from './domain/principal.js';

const CAPACITY = 10_000;
const MAX_AGE_MS = 30_000;
const RECONNECT_MS = 1_000;

interface Remembered {
  readonly principal: Principal;
  readonly goodUntil: number;
}

/**
 * Remembers for a short while who a credential belongs to. The database announces every change of an account
 * (`account_changes`), and what is known of it is forgotten at once, in all processes. While the announcements
 * cannot be heard, nothing is remembered.
 */
@Injectable()
export class AccountCache implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(AccountCache.name);
  private readonly remembered = new Map<string, Remembered>();
  private client: Client | null = null;
  private listening = false;
  private closed = false;
  private retry: NodeJS.Timeout | null = null;
  private changes = 0;

  constructor(@Inject(DATABASE_URL) private readonly databaseUrl: string) {}

  async onModuleInit(): Promise<void> {
    await this.listen();
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.client?.end();
  }

  get(credential: string, now: number): Principal | null {
    const known = this.remembered.get(credential);
    return known !== undefined && known.goodUntil > now ? known.principal : null;
  }

  /**
   * Looks the account up and remembers it, unless something changed meanwhile.
   * @param lookUp null: nobody; `goodUntil` in milliseconds bounds how long it may be remembered, null: no bound
   */
  async fill(
    credential: string,
    now: number,
    lookUp: () => Promise<{ principal: Principal; goodUntil: number | null } | null>,
  ): Promise<Principal | null> {
    const before = this.changes;
    const found = await lookUp();
    if (found === null) return null;
    if (this.listening && this.changes === before) {
      if (this.remembered.size >= CAPACITY) this.remembered.clear();
      const goodUntil = Math.min(now + MAX_AGE_MS, found.goodUntil ?? Infinity);
      this.remembered.set(credential, { principal: found.principal, goodUntil });
    }
    return found.principal;
  }

  /** Forgets everything known of a user; the announcement does the same in the other processes. */
  forget(userId: string | undefined): void {
    this.changes += 1;
    for (const [credential, { principal }] of this.remembered) {
      if (principal.userId === userId) this.remembered.delete(credential);
    }
  }

  private async listen(): Promise<void> {
    const client = new Client({
      connectionString: this.databaseUrl,
      application_name: 'orchestrator accounts',
    });
    this.client = client;
    client.on('notification', (message) => {
      this.forget(message.payload);
    });
    client.on('error', (error) => {
      this.logger.warn(`The connection that hears account changes was lost: ${error.message}`);
    });
    client.on('end', () => {
      this.lost();
    });
    try {
      await client.connect();
      await client.query('LISTEN account_changes');
      this.listening = true;
    } catch (error) {
      // Without announcements every request asks the database, which is slower and just as right.
      this.logger.warn(
        `Account changes cannot be heard yet: ${error instanceof Error ? error.message : 'unknown'}`,
      );
      await client.end().catch(() => undefined);
      this.lost();
    }
  }

  private lost(): void {
    this.listening = false;
    this.changes += 1;
    this.remembered.clear();
    if (this.closed || this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.listen();
    }, RECONNECT_MS).unref();
  }
}
