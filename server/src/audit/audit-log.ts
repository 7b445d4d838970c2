import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { AuditIntentEntity } from './audit-intent.entity.js';
import { chained, START, type AuditFact } from './chain.js';

/** Key of the advisory lock under which entries are put in order. */
const LOCK = 7_270_032;
const RETRY_MS = 1000;
/** Facts that wait for the database at the most, while it is away. */
const MOST_WAITING = 10_000;
/** Requests are answered sooner: what was begun before and has no entry was never answered. */
const FORGOTTEN_MS = 5 * 60_000;
const LOOK_MS = 60_000;

/** What comes next into the list; without a fact, only that nothing came of what was begun. */
interface Waiting {
  readonly fact: AuditFact | null;
  readonly intent: string | null;
  readonly told: () => void;
}

/**
 * Writes entries behind one another, each with the hash of the one before. What comes while a transaction runs goes
 * together into the next one, so that many writers cost few locks.
 */
@Injectable()
export class AuditLog implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AuditLog.name);
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;
  private stopping = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.findForgotten(new Date(Date.now() - FORGOTTEN_MS)).catch((error: unknown) => {
        this.logger.warn(`What was begun is not looked at: ${messageOf(error)}`);
      });
    }, LOOK_MS).unref();
  }

  /**
   * Notes that something is about to be done, so that it shows also where the process ends before it can tell the
   * outcome. Not to be called within a transaction: it takes a connection. @returns the id to `record` it with
   */
  async begin(fact: AuditFact): Promise<string> {
    const id = v7();
    await this.dataSource.getRepository(AuditIntentEntity).insert({ id, at: fact.at, fact });
    return id;
  }

  /**
   * Notes what happened. Resolves when it is in the database; where that is away, at once, and it is written later.
   * Not to be awaited within a transaction: it takes a connection.
   */
  record(fact: AuditFact | null, intent: string | null = null): Promise<void> {
    if (this.waiting.length >= MOST_WAITING) {
      this.logger.error('Audit entries are lost: the database is away for too long');
      return Promise.resolve();
    }
    return new Promise((told) => {
      this.waiting.push({ fact, intent, told });
      this.writing ??= this.write().finally(() => {
        this.writing = null;
      });
    });
  }

  /** Resolves when everything noted so far is in the database. */
  async settled(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  /** Makes entries of what was begun before a time and never came to an end, its outcome unknown. */
  async findForgotten(before: Date): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const found = await tx
        .createQueryBuilder(AuditIntentEntity, 'i')
        .where('i.at < :before', { before })
        .orderBy('i.id')
        .take(MOST_WAITING)
        .getMany();
      if (found.length === 0) return;
      await append(
        tx,
        found.map(({ at, fact }) => ({ ...fact, at })),
      );
      await tx.delete(
        AuditIntentEntity,
        found.map(({ id }) => id),
      );
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearInterval(this.timer);
    await this.settled();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.writeBatch(batch);
      } catch (error) {
        this.logger.error(`Audit entries wait: ${messageOf(error)}`);
        if (!this.stopping) this.waiting = [...batch, ...this.waiting];
      }
      for (const { told } of batch) told();
      if (this.waiting[0] === batch[0] && batch.length > 0) await delay(RETRY_MS);
    }
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    const facts = batch.flatMap(({ fact }) => fact ?? []);
    const intents = batch.flatMap(({ intent }) => intent ?? []);
    await this.dataSource.transaction(async (tx) => {
      if (facts.length > 0) {
        await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
        await append(tx, facts);
      }
      if (intents.length > 0) await tx.delete(AuditIntentEntity, intents);
    });
  }
}

/** Under the lock. */
async function append(tx: EntityManager, facts: readonly AuditFact[]): Promise<void> {
  const [last] = await tx.find(AuditEntryEntity, { order: { seq: 'DESC' }, take: 1 });
  let [seq, hash]: [number, Buffer] = [last?.seq ?? 0, last?.hash ?? START];
  const entries = facts.map((fact) => {
    seq += 1;
    hash = chained(hash, seq, fact);
    return { ...fact, seq, hash };
  });
  await tx.insert(AuditEntryEntity, entries);
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
