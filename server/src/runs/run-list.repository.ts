import { Inject, Injectable } from '@nestjs/common';
import type { Pool, QueryResult, QueryResultRow } from 'pg';
import { queryUntil } from '../persistence/cancellable-query.js';
import { PG_POOL } from '../persistence/pg-pool.js';
import type { RunStatus } from './domain/run-status.js';
import type { PhaseSegment } from './domain/run-state.js';
import type { WaitingKind } from './domain/waiting.js';
import type { ListCursor } from './list-cursor.js';
import {
  beyondWalkStatement,
  countStatement,
  looksInside,
  manyMatchStatement,
  pageStatement,
  type Reading,
  type Statement,
} from './run-list.sql.js';
import type { Sort } from './dto/list-runs.query.js';

export const TOTAL_CAP = 10_000;

export interface RunFilter {
  /** Whose runs may be seen; null: everybody's. */
  readonly visibleTo: string | null;
  /** Whom the runs are to be shared with; null: whether they are does not matter. */
  readonly sharedWith: string | null;
  readonly ownerId: string | null;
  readonly ownerEmail: string | null;
  readonly status: readonly RunStatus[];
  readonly profile: readonly string[];
  readonly waitingOn: readonly WaitingKind[];
  readonly createdAfter: Date | null;
  readonly createdBefore: Date | null;
  readonly minCostUsd: number | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly q: string | null;
  readonly archived: boolean;
}

export interface RunPage {
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
  readonly cursor: ListCursor | null;
}

/** A row of the list, as PostgreSQL gives it. */
export interface RunListRow {
  readonly id: string;
  readonly profile: string;
  readonly profile_version: number;
  readonly project_name: string;
  readonly owner_id: string;
  readonly owner_name: string;
  readonly owner_email: string;
  readonly status: RunStatus;
  readonly current_phase: string;
  readonly auto_advance: boolean;
  readonly phases_total: number;
  readonly phases_done: number;
  readonly phase_states: PhaseSegment[];
  readonly waiting_kind: WaitingKind | null;
  readonly waiting_since: Date | null;
  readonly waiting_detail: string | null;
  readonly cost_usd: string;
  readonly unpriced_calls: number;
  readonly working_ms: string;
  readonly artifacts_count: number;
  readonly waived_gates: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly archived_at: Date | null;
  /** Value of the sort's column as text, for the cursor. */
  readonly sort_key: string;
}

/** Reads pages of runs by index, never computing over their children. */
@Injectable()
export class RunListRepository {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  /** One page, and one row more where there is a next one. */
  async page(filter: RunFilter, page: RunPage, gone: AbortSignal): Promise<RunListRow[]> {
    const read = async (reading: Reading): Promise<RunListRow[]> =>
      (await this.query<RunListRow>(pageStatement(filter, page, reading), gone)).rows;
    const exists = async (statement: Statement): Promise<boolean> =>
      (await this.query(statement, gone)).rows.length > 0;
    if (!looksInside(filter)) return read('rows');
    if (!(await exists(manyMatchStatement(filter)))) return read('match');
    const walked = await read('walk');
    if (walked.length > page.limit || !(await exists(beyondWalkStatement(filter, page)))) return walked;
    return read('match');
  }

  /** Matching runs, counted to one past the cap. */
  async count(filter: RunFilter, gone: AbortSignal): Promise<number> {
    const result = await this.query<{ n: string }>(countStatement(filter, TOTAL_CAP), gone);
    return Number(result.rows[0]?.n ?? 0);
  }

  /** These may take long where much has to be looked through, so they end with whoever waits for them. */
  private query<T extends QueryResultRow>(
    { text, values }: Statement,
    gone: AbortSignal,
  ): Promise<QueryResult<T>> {
    return queryUntil<T>(this.pool, gone, text, values);
  }
}
