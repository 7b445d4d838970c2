import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { RunEventEntity } from '../runs/run-event.entity.js';

/**
 * Where a reader of all runs' events stands: behind the event `globalId` of transaction `tx`. Transactions end in
 * another order than they begin, so only those below the oldest one still open are read; in this order nothing
 * can appear behind the reader.
 */
export interface GlobalCursor {
  readonly tx: string;
  readonly globalId: string;
}

export interface GlobalEvent {
  readonly cursor: GlobalCursor;
  readonly runId: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Date;
  readonly phase: string | null;
  readonly ownerId: string;
  /** With the reader, or with everybody. */
  readonly shared: boolean;
}

export interface GlobalPage {
  readonly events: readonly GlobalEvent[];
  /** Committed events follow that may not be read yet, because an older transaction is still open. */
  readonly waiting: boolean;
}

interface GlobalRow {
  readonly tx: string;
  readonly global_id: string;
  readonly run_id: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Date;
  readonly phase: string | null;
  readonly owner_id: string;
  readonly shared: boolean;
  readonly safe: boolean;
}

/** Queries of the runs' histories. */
@Injectable()
export class RunEventsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Events of a run behind the sequence, in order. */
  async after(runId: string, seq: number, limit: number): Promise<RunEventEntity[]> {
    return this.dataSource.getRepository(RunEventEntity).find({
      where: { runId, seq: MoreThan(seq) },
      order: { seq: 'ASC' },
      take: limit,
    });
  }

  /** Where somebody begins to read all runs from now on. */
  async now(): Promise<GlobalCursor> {
    const [row] = await this.dataSource.query<{ tx: string }[]>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS tx',
    );
    return { tx: row?.tx ?? '0', globalId: '0' };
  }

  /** Events of all runs behind the cursor, for this reader. */
  async afterGlobal(cursor: GlobalCursor, readerId: string, limit: number): Promise<GlobalPage> {
    const rows = await this.dataSource.query<GlobalRow[]>(
      `SELECT e.tx, e.global_id, e.run_id, e.seq, e.type, e.at, e.phase, r.owner_id,
              EXISTS (SELECT FROM run_shares s WHERE s.run_id = r.id AND (s.user_id = $4 OR s.user_id IS NULL)) AS shared,
              e.tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS safe
       FROM run_events e JOIN runs r ON r.id = e.run_id
       WHERE (e.tx, e.global_id) > ($1::bigint, $2::bigint)
       ORDER BY e.tx, e.global_id LIMIT $3`,
      [cursor.tx, cursor.globalId, limit, readerId],
    );
    const events = rows.filter((row) => row.safe).map(toGlobalEvent);
    return { events, waiting: events.length < rows.length };
  }
}

const toGlobalEvent = (row: GlobalRow): GlobalEvent => ({
  cursor: { tx: row.tx, globalId: row.global_id },
  runId: row.run_id,
  seq: row.seq,
  type: row.type,
  at: row.at,
  phase: row.phase,
  ownerId: row.owner_id,
  shared: row.shared,
});
