import type { ParamMap, Params } from '@angular/router';
import type { ListRuns$Params } from '../api/generated/fn/runs/list-runs';
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
  /** Runs that others share, instead of one's own. */
  readonly shared: boolean;
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
  shared: false,
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
    shared: params.get('shared') === 'true',
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
    shared: filters.shared ? 'true' : null,
    sort: sortName(filters.sort) === '-created_at' ? null : sortName(filters.sort),
    offset: filters.offset > 0 ? filters.offset : null,
  };
}

/** Whether anything narrows the list; order and page do not. */
export function isFiltered(filters: RunFilters): boolean {
  const shown = { ...filters, sort: NO_FILTERS.sort, offset: NO_FILTERS.offset };
  return JSON.stringify(shown) !== JSON.stringify(NO_FILTERS);
}

/** The next order when a column's head is used: text rises first, figures fall first. */
export function toggleSort(sort: RunSort, key: SortKey): RunSort {
  if (sort.key === key) return { key, descending: !sort.descending };
  return { key, descending: key !== 'project_name' };
}

/** The query of `GET /runs`; the metadata filter has no name that could stand here, see `metadataOf`. */
export function filtersToQuery(filters: RunFilters): ListRuns$Params {
  return {
    sort: sortName(filters.sort),
    offset: filters.offset,
    ...(filters.status.length > 0 ? { status: [...filters.status] } : {}),
    ...(filters.profile.length > 0 ? { profile: [...filters.profile] } : {}),
    ...(filters.owner ? { owner: filters.owner } : {}),
    ...(filters.q ? { q: filters.q } : {}),
    ...(filters.createdAfter ? { created_after: startOfDay(filters.createdAfter, 0) } : {}),
    ...(filters.createdBefore ? { created_before: startOfDay(filters.createdBefore, 1) } : {}),
    ...(filters.waitingOn ? { waiting_on: [filters.waitingOn] } : {}),
    ...(filters.minCostUsd ? { min_cost_usd: Number(filters.minCostUsd) } : {}),
    ...(filters.archived ? { archived: true } : {}),
    ...(filters.shared ? { shared: true } : {}),
  };
}

/** The metadata that runs must have, or null. A text without `=` is no filter yet. */
export function metadataOf(filters: RunFilters): { readonly key: string; readonly value: string } | null {
  const pair = /^([^=]+)=(.*)$/.exec(filters.metadata);
  const [key, value] = [pair?.[1]?.trim(), pair?.[2]?.trim()];
  return key === undefined || key === '' || value === undefined ? null : { key, value };
}

const sortName = ({ key, descending }: RunSort): SortKey | `-${SortKey}` => (descending ? `-${key}` : key);

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
