import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { listedOwner, type Principal } from '../auth/domain/principal.js';
import type { ListRunsQuery } from './dto/list-runs.query.js';
import type { RunListDto } from './dto/run-summary.dto.js';
import { decodeCursor, encodeCursor, foreignCursor } from './list-cursor.js';
import { presentRow } from './present-run.js';
import { RunListRepository, TOTAL_CAP, type RunFilter } from './run-list.repository.js';

/** Pages through the runs that a caller may see. */
@Injectable()
export class RunListService {
  constructor(private readonly list: RunListRepository) {}

  /** @throws DomainError 400 for a cursor of another list */
  async page(
    query: ListRunsQuery,
    metadata: Readonly<Record<string, string>>,
    by: Principal,
    gone: AbortSignal,
  ): Promise<RunListDto> {
    const filter = filterOf(query, metadata, by);
    const cursor = query.cursor === undefined ? null : decodeCursor(query.cursor, query.sort);
    const { limit, offset, sort } = query;
    const [rows, total] = await Promise.all([
      this.list.page(filter, { sort, limit, offset, cursor }, gone).catch((error: unknown) => {
        // A cursor that somebody made up may hold a key that is no value of the column.
        throw cursor !== null && isDataException(error) ? foreignCursor() : error;
      }),
      this.list.count(filter, gone),
    ]);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      runs: rows.slice(0, limit).map(presentRow),
      total: Math.min(total, TOTAL_CAP),
      total_capped: total > TOTAL_CAP,
      limit,
      offset: cursor === null ? offset : 0,
      next_cursor: last === undefined ? null : encodeCursor({ sort, key: last.sort_key, id: last.id }),
    };
  }
}

/** PostgreSQL's class of errors about values that do not fit their type. */
const isDataException = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('22');

function filterOf(
  query: ListRunsQuery,
  metadata: Readonly<Record<string, string>>,
  by: Principal,
): RunFilter {
  const owner = query.owner === 'me' ? by.userId : query.owner;
  const named = owner !== undefined && isUuid(owner) ? owner : null;
  return {
    visibleTo: query.shared ? null : listedOwner(by),
    sharedWith: query.shared ? by.userId : null,
    ownerId: named,
    ownerEmail: owner === undefined || named !== null ? null : owner.toLowerCase(),
    status: query.status ?? [],
    profile: query.profile ?? [],
    waitingOn: query.waiting_on ?? [],
    createdAfter: query.created_after === undefined ? null : new Date(query.created_after),
    createdBefore: query.created_before === undefined ? null : new Date(query.created_before),
    minCostUsd: query.min_cost_usd ?? null,
    metadata,
    q: query.q === undefined || query.q.trim() === '' ? null : query.q,
    archived: query.archived,
  };
}
