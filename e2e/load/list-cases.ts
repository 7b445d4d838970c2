import type { RunFilter } from '../../server/src/runs/run-list.repository.js';
import type { Sort } from '../../server/src/runs/dto/list-runs.query.js';

/** A list that somebody asks for, in one order. */
export interface ListCase {
  readonly name: string;
  readonly filter: RunFilter;
}

/** Every order of the list. */
export const SORTS: readonly Sort[] = (
  ['created_at', 'updated_at', 'project_name', 'cost_usd', 'duration'] as const
).flatMap((field) => [field, `-${field}` as const]);

const ANY: RunFilter = {
  visibleTo: null,
  sharedWith: null,
  ownerId: null,
  ownerEmail: null,
  status: [],
  profile: [],
  waitingOn: [],
  createdAfter: null,
  createdBefore: null,
  minCostUsd: null,
  metadata: {},
  q: null,
  archived: false,
};

/** Id of an owner, 0 … 49; the first has the most runs, the last the fewest. */
const ownerId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const daysAgo = (days: number): Date => new Date(Date.now() - days * 86_400_000);

const SCOPES: Readonly<Record<string, Partial<RunFilter>>> = {
  all: {},
  'owner of many': { visibleTo: ownerId(0) },
  'owner of few': { visibleTo: ownerId(45) },
};

/** Filters that a run's own row answers. */
const BY_ROW: Readonly<Record<string, Partial<RunFilter>>> = {
  'no filter': {},
  'common status': { status: ['completed'] },
  'seldom status': { status: ['failed'] },
  'rare status': { status: ['running'] },
  'two statuses': { status: ['running', 'paused'] },
  'common profile': { profile: ['profile-0'] },
  'profile without runs': { profile: ['nothing'] },
  'two profiles': { profile: ['profile-3', 'profile-9'] },
  'status and profile': { status: ['failed'], profile: ['profile-9'] },
  'waits for approval': { waitingOn: ['approval'] },
  'last day': { createdAfter: daysAgo(1) },
  'cost that many reach': { minCostUsd: 1 },
  'cost that few reach': { minCostUsd: 31 },
  archived: { archived: true },
  'archived and failed': { archived: true, status: ['failed'] },
};

/** Filters that look into the intake, the metadata or the name. */
const INSIDE: Readonly<Record<string, Partial<RunFilter>>> = {
  'word of every intake': { q: 'the' },
  'word of a third': { q: 'forecast' },
  'word of one in 200': { q: 'turbine' },
  'word of ten runs': { q: 'zirconium' },
  'word of none': { q: 'unobtainium' },
  'part of the name': { q: 'billing' },
  'two characters of none': { q: 'zq' },
  'common metadata': { metadata: { stage: 'production' } },
  'metadata of one run': { metadata: { ticket: 'OPS-77' } },
  'metadata of none': { metadata: { team: 'none' } },
};

const cases = (filters: Readonly<Record<string, Partial<RunFilter>>>): ListCase[] =>
  Object.entries(SCOPES).flatMap(([scope, mine]) =>
    Object.entries(filters).map(([name, filter]) => ({
      name: `${scope}: ${name}`,
      filter: { ...ANY, ...mine, ...filter },
    })),
  );

export const CASES_BY_ROW = cases(BY_ROW);
export const CASES_INSIDE = cases(INSIDE);
