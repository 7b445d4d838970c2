import type { ParamMap, Params } from '@angular/router';
import { RUN_STATUSES, type RunStatus, WAITING_KINDS, type WaitingKind } from './run-models';

export const SORT_KEYS = ['created_at', 'updated_at', 'project_name', 'cost_usd', 'duration'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface RunSort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** What the list of runs shows; all of it stands in the address. Empty text is no filter. */
export interface RunFilters {
  readonly status: readonly RunStatus[];
  readonly profile: readonly string[];
  readonly owner: string;
  readonly q: string;
  /** Day, `YYYY-MM-DD`, of this browser's time zone; inclusive. */
  readonly createdAfter: string;
  readonly createdBefore: string;
  readonly waitingOn: WaitingKind | '';
  readonly minCostUsd: string;
  /** `KEY=value`. */
  readonly metadata: string;
  readonly archived: boolean;
  readonly sort: RunSort;
  readonly offset: number;
}

export const NO_FILTERS: RunFilters = {
  status: [],
  profile: [],
  owner: '',
  q: '',
  createdAfter: '',
  createdBefore: '',
  waitingOn: '',
  minCostUsd: '',
  metadata: '',
  archived: false,
  sort: { key: 'created_at', descending: true },
  offset: 0,
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the filters from the address; values that no list has are left out. */
export function filtersFromUrl(params: ParamMap): RunFilters {
  return {
    status: RUN_STATUSES.filter((status) => params.getAll('status').includes(status)),
    profile: params.getAll('profile'),
    owner: params.get('owner') ?? '',
    q: params.get('q') ?? '',
    createdAfter: day(params.get('created_after')),
    createdBefore: day(params.get('created_before')),
    waitingOn: WAITING_KINDS.find((kind) => kind === params.get('waiting_on')) ?? '',
    minCostUsd: amount(params.get('min_cost_usd')),
    metadata: params.get('metadata') ?? '',
    archived: params.get('archived') === 'true',
    sort: sortFrom(params.get('sort')),
    offset: Math.min(Math.max(Number.parseInt(params.get('offset') ?? '0', 10) || 0, 0), 10_000),
  };
}

/** Writes the filters for the address: what is not set is taken out of it. */
export function filtersToUrl(filters: RunFilters): Params {
  return {
    status: filters.status.length > 0 ? filters.status : null,
    profile: filters.profile.length > 0 ? filters.profile : null,
    owner: filters.owner || null,
    q: filters.q || null,
    created_after: filters.createdAfter || null,
    created_before: filters.createdBefore || null,
    waiting_on: filters.waitingOn || null,
    min_cost_usd: filters.minCostUsd || null,
    metadata: filters.metadata || null,
    archived: filters.archived ? 'true' : null,
    sort: sortName(filters.sort) === '-created_at' ? null : sortName(filters.sort),
    offset: filters.offset > 0 ? filters.offset : null,
  };
}

/** Whether anything narrows the list; order and page do not. */
export function isFiltered(filters: RunFilters): boolean {
  const { sort: _sort, offset: _offset, ...narrowing } = filters;
  const { sort: _noSort, offset: _noOffset, ...nothing } = NO_FILTERS;
  return JSON.stringify(narrowing) !== JSON.stringify(nothing);
}

/** The next order when a column's head is used: text rises first, figures fall first. */
export function toggleSort(sort: RunSort, key: SortKey): RunSort {
  if (sort.key === key) return { key, descending: !sort.descending };
  return { key, descending: key !== 'project_name' };
}

/** The query of `GET /runs`. */
export function filtersToQuery(filters: RunFilters): Record<string, string | number | boolean | string[]> {
  const query: Record<string, string | number | boolean | string[]> = {
    sort: sortName(filters.sort),
    offset: filters.offset,
  };
  if (filters.status.length > 0) query['status'] = [...filters.status];
  if (filters.profile.length > 0) query['profile'] = [...filters.profile];
  if (filters.owner) query['owner'] = filters.owner;
  if (filters.q) query['q'] = filters.q;
  if (filters.createdAfter) query['created_after'] = startOfDay(filters.createdAfter, 0);
  if (filters.createdBefore) query['created_before'] = startOfDay(filters.createdBefore, 1);
  if (filters.waitingOn) query['waiting_on'] = filters.waitingOn;
  if (filters.minCostUsd) query['min_cost_usd'] = filters.minCostUsd;
  const pair = /^([^=]+)=(.*)$/.exec(filters.metadata);
  if (pair?.[1] !== undefined) query[`metadata.${pair[1].trim()}`] = pair[2]?.trim() ?? '';
  if (filters.archived) query['archived'] = true;
  return query;
}

export const sortName = ({ key, descending }: RunSort): string => (descending ? `-${key}` : key);

function sortFrom(text: string | null): RunSort {
  const descending = text === null || text.startsWith('-');
  const key = SORT_KEYS.find((candidate) => candidate === text?.replace(/^-/, ''));
  return key === undefined ? NO_FILTERS.sort : { key, descending };
}

const day = (text: string | null): string => (text !== null && DAY.test(text) ? text : '');

const amount = (text: string | null): string =>
  text !== null && text !== '' && Number.isFinite(Number(text)) && Number(text) >= 0 ? text : '';

/** The first instant of a local day, `later` days after it, in UTC. */
function startOfDay(text: string, later: number): string {
  const date = new Date(`${text}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
