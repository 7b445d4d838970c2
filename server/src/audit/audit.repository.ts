import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { validate } from 'uuid';
import { AuditEntryEntity } from './audit-entry.entity.js';
import type { AuditFilter } from './audit.dto.js';
import { chained, START } from './chain.js';

const PAGE = 1000;
const REFUSED = 'status IN (401, 403, 429)';
const REQUEST = "e.action ~ '^[A-Z]+ /'";
const RESULT_SQL = {
  done: `(e.status < 400 OR (e.status IS NULL AND NOT ${REQUEST}))`,
  unknown: `e.status IS NULL AND ${REQUEST}`,
  refused: `e.${REFUSED}`,
  failed: `e.status >= 400 AND NOT e.${REFUSED}`,
} as const;

export interface Verification {
  readonly entries: number;
  readonly brokenAt: number | null;
  readonly head: Buffer | null;
}

@Injectable()
export class AuditRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first, before an entry where one is given. */
  page(filter: AuditFilter, before: number | null, limit: number): Promise<AuditEntryEntity[]> {
    const query = this.matching(filter).orderBy('e.seq', 'DESC').limit(limit);
    if (before !== null) query.andWhere('e.seq < :before', { before });
    return query.getMany();
  }

  /** All that match, newest first, a page at a time. */
  async *all(filter: AuditFilter): AsyncGenerator<AuditEntryEntity> {
    for (let before: number | null = null; ;) {
      const page: AuditEntryEntity[] = await this.page(filter, before, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      before = last.seq;
    }
  }

  /** Follows the chain from the first entry on. */
  async verify(): Promise<Verification> {
    let [seq, hash]: [number, Buffer] = [0, START];
    for (;;) {
      const page = await this.entries()
        .where('e.seq > :seq', { seq })
        .orderBy('e.seq', 'ASC')
        .limit(PAGE)
        .getMany();
      for (const entry of page) {
        const expected = chained(hash, seq + 1, entry);
        if (entry.seq !== seq + 1 || !expected.equals(entry.hash)) {
          return { entries: seq, brokenAt: entry.seq, head: null };
        }
        [seq, hash] = [entry.seq, entry.hash];
      }
      if (page.length < PAGE) return { entries: seq, brokenAt: null, head: seq === 0 ? null : hash };
    }
  }

  private entries(): SelectQueryBuilder<AuditEntryEntity> {
    return this.dataSource.getRepository(AuditEntryEntity).createQueryBuilder('e');
  }

  private matching(filter: AuditFilter): SelectQueryBuilder<AuditEntryEntity> {
    const query = this.entries();
    const { actor, action, target, result, since, until } = filter;
    if (actor !== undefined && validate(actor)) query.andWhere('e.actor_id = :actor', { actor });
    else if (actor) query.andWhere('e.actor_name ILIKE :actor', { actor: part(actor) });
    if (action) query.andWhere('e.action ILIKE :action', { action: part(action) });
    if (target) query.andWhere('e.target ILIKE :target', { target: part(target) });
    if (result !== undefined) query.andWhere(RESULT_SQL[result]);
    if (since !== undefined) query.andWhere('e.at >= :since', { since: new Date(since) });
    if (until !== undefined) query.andWhere('e.at < :until', { until: new Date(until) });
    return query;
  }
}

const part = (text: string): string => `%${text.replaceAll(/[\\%_]/gu, '\\$&').replaceAll('\0', '')}%`;
