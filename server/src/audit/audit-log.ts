import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditEntryEntity } from './audit-entry.entity.js';
import { chained, START, type AuditFact } from './chain.js';

/** Key of the advisory lock under which entries are put in order. */
const LOCK = 7_270_032;
const RETRY_MS = 1000;
/** Facts that wait for the database at the most, while it is away. */
const MOST_WAITING = 10_000;

/**
 * Writes entries behind one another, each with the hash of the one before. What comes while a transaction runs goes
 * together into the next one, so that many writers cost few locks.
 */
@Injectable()
export class AuditLog implements OnApplicationShutdown {
  private readonly logger = new Logger(AuditLog.name);
  private waiting: AuditFact[] = [];
  private writing: Promise<void> | null = null;
  private stopping = false;

  constructor(private readonly dataSource: DataSource) {}

  /** Notes what happened; it is in the database a moment later. */
  record(fact: AuditFact): void {
    if (this.waiting.length >= MOST_WAITING) {
      this.logger.error('Audit entries are lost: the database is away for too long');
      return;
    }
    this.waiting.push(fact);
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
  }

  /** Resolves when everything noted so far is in the database. */
  async settled(): Promise<void> {
    while (this.writing !== null) await this.writing;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.settled();
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const facts = this.waiting;
      this.waiting = [];
      try {
        await this.append(facts);
      } catch (error) {
        this.logger.error(`Audit entries wait: ${error instanceof Error ? error.message : String(error)}`);
        if (this.stopping) return;
        this.waiting = [...facts, ...this.waiting];
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  private async append(facts: readonly AuditFact[]): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const [last] = await tx.find(AuditEntryEntity, { order: { seq: 'DESC' }, take: 1 });
      let [seq, hash]: [number, Buffer] = [last?.seq ?? 0, last?.hash ?? START];
      const entries = facts.map((fact) => {
        seq += 1;
        hash = chained(hash, seq, fact);
        return { ...fact, seq, hash };
      });
      await tx.insert(AuditEntryEntity, entries);
    });
  }
}
