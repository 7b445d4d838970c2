import type { Sort, SortField } from './dto/list-runs.query.js';
import type { ListCursor } from './list-cursor.js';
import type { RunFilter, RunPage } from './run-list.repository.js';

interface Order {
  readonly name: string;
  readonly cast: 'timestamptz' | 'text' | 'numeric' | 'bigint';
  readonly direction: 'ASC' | 'DESC';
}

const ORDERS = {
  created_at: { name: 'created_at', cast: 'timestamptz' },
  updated_at: { name: 'updated_at', cast: 'timestamptz' },
  project_name: { name: 'project_name', cast: 'text' },
  cost_usd: { name: 'cost_usd', cast: 'numeric' },
  duration: { name: 'working_ms', cast: 'bigint' },
} as const satisfies Record<SortField, Pick<Order, 'name' | 'cast'>>;

function orderOf(sort: Sort): Order {
  const field = sort.replace(/^-/, '') as SortField;
  const { name, cast } = ORDERS[field];
  return { name, cast, direction: sort.startsWith('-') ? 'DESC' : 'ASC' };
}

export interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

type Parameter = (value: unknown) => string;

const COLUMNS = `r.id, r.profile, r.profile_version, r.project_name, r.owner_id, r.status, r.current_phase,
  r.auto_advance, r.phases_total, r.phases_done, r.phase_states, r.waiting_kind, r.waiting_since, r.waiting_detail,
  r.cost_usd, r.unpriced_calls, r.working_ms, r.artifacts_count, r.waived_gates, r.created_at, r.updated_at,
  r.archived_at`;

/** Most runs that are read from what matches without looking along the order first. */
const FEW = 2000;
/** Most runs of the order that are tested one by one. */
const WALK = 3000;

/**
 * How a list is read whose filters look into the intake or the metadata. `match`: from all that match, quick where
 * little does. `walk`: along the order, testing each run, for a while; quick where much matches, and complete when
 * it fills the page. Both cost what their name says whatever the planner guesses: it cannot know where in an order
 * a word lies.
 */
export type Reading = 'rows' | 'walk' | 'match';

/** Whether a run's own row does not tell if it matches. */
export const looksInside = (filter: RunFilter): boolean =>
  filter.q !== null || Object.keys(filter.metadata).length > 0;

/**
 * Reads one page, and one row more where there is a next one. The runs are picked by what the indexes hold; only
 * those of the page are then read whole.
 */
export function pageStatement(filter: RunFilter, page: RunPage, reading: Reading): Statement {
  const order = orderOf(page.sort);
  const { values, parameter } = newParameters();
  const rows = pickedRows(filter, page, order, parameter);
  const inside = reading === 'rows' ? [] : insideConditions(filter, parameter);
  const text = `SELECT ${COLUMNS}, r.${order.name}::text AS sort_key, u.name AS owner_name, u.email AS owner_email
    FROM (
      SELECT r.id FROM ${source(reading, rows, inside.join(' AND '), orderBy(order))} ${orderBy(order)}
      LIMIT ${String(page.limit + 1)} OFFSET ${String(page.cursor === null ? page.offset : 0)}
    ) p JOIN runs r ON r.id = p.id JOIN users u ON u.id = r.owner_id ${orderBy(order)}`;
  return { text, values };
}

/** Finds the run that is one too many for `match`, whoever may see those that match. */
export function manyMatchStatement(filter: RunFilter): Statement {
  const { values, parameter } = newParameters();
  const inside = insideConditions(filter, parameter).join(' AND ');
  return {
    text: `SELECT FROM (SELECT FROM run_inputs i WHERE ${inside} LIMIT ${String(FEW + 1)}) i OFFSET ${String(FEW)}`,
    values,
  };
}

/** Finds the run behind the last one that a walk looks at; without one the walk has seen all there is. */
export function beyondWalkStatement(filter: RunFilter, page: RunPage): Statement {
  const order = orderOf(page.sort);
  const { values, parameter } = newParameters();
  const rows = pickedRows(filter, page, order, parameter);
  return { text: `${rows} ${orderBy(order)} LIMIT 1 OFFSET ${String(WALK)}`, values };
}

function pickedRows(filter: RunFilter, page: RunPage, order: Order, parameter: Parameter): string {
  const parts = rowConditions(filter, parameter);
  if (page.cursor !== null) parts.push(behind(page.cursor, order, parameter));
  // No run changes before it is created: where the order of changes may begin.
  if (filter.createdAfter !== null && order.name === 'updated_at')
    parts.push(`r.updated_at >= ${parameter(filter.createdAfter)}`);
  return `SELECT r.id, r.${order.name} FROM runs r WHERE ${parts.join(' AND ')}`;
}

const orderBy = ({ name, direction }: Order): string => `ORDER BY r.${name} ${direction}, r.id ${direction}`;

function newParameters(): { values: unknown[]; parameter: Parameter } {
  const values: unknown[] = [];
  return { values, parameter: (value) => `$${String(values.push(value))}` };
}

/** `OFFSET 0` keeps the planner from turning a test per row into a join over everything. */
function source(reading: Reading, rows: string, inside: string, order: string): string {
  switch (reading) {
    case 'rows':
      return `(${rows}) r`;
    case 'walk':
      return `(${rows} ${order} LIMIT ${String(WALK)}) r
        CROSS JOIN LATERAL (SELECT FROM run_inputs i WHERE i.run_id = r.id AND ${inside} OFFSET 0) i`;
    case 'match':
      return `(SELECT i.run_id FROM run_inputs i WHERE ${inside} OFFSET 0) i
        CROSS JOIN LATERAL (${rows} AND r.id = i.run_id OFFSET 0) r`;
  }
}

/** Counts the runs that match, to one past the cap. */
export function countStatement(filter: RunFilter, cap: number): Statement {
  const { values, parameter } = newParameters();
  const parts = rowConditions(filter, parameter);
  if (looksInside(filter)) {
    const inside = insideConditions(filter, parameter).join(' AND ');
    parts.push(`r.id IN (SELECT i.run_id FROM run_inputs i WHERE ${inside})`);
  }
  const text = `SELECT count(*) AS n FROM (
      SELECT FROM runs r WHERE ${parts.join(' AND ')} LIMIT ${String(cap + 1)}
    ) capped`;
  return { text, values };
}

/** What a run's row must hold, every value a parameter. */
function rowConditions(filter: RunFilter, parameter: Parameter): string[] {
  const parts = [filter.archived ? 'r.archived_at IS NOT NULL' : 'r.archived_at IS NULL'];
  const add = (given: boolean, part: () => string): void => {
    if (given) parts.push(part());
  };
  add(filter.visibleTo !== null, () => `r.owner_id = ${parameter(filter.visibleTo)}`);
  add(filter.sharedWith !== null, () => sharedSql(parameter(filter.sharedWith)));
  add(filter.ownerId !== null, () => `r.owner_id = ${parameter(filter.ownerId)}`);
  add(
    filter.ownerEmail !== null,
    () => `r.owner_id = (SELECT id FROM users WHERE email = ${parameter(filter.ownerEmail)})`,
  );
  add(filter.status.length > 0, () => oneOf('r.status', filter.status, 'run_status', parameter));
  add(filter.profile.length > 0, () => oneOf('r.profile', filter.profile, 'text', parameter));
  add(filter.waitingOn.length > 0, () => oneOf('r.waiting_kind', filter.waitingOn, 'text', parameter));
  add(filter.createdAfter !== null, () => `r.created_at >= ${parameter(filter.createdAfter)}`);
  add(filter.createdBefore !== null, () => `r.created_at < ${parameter(filter.createdBefore)}`);
  add(filter.minCostUsd !== null, () => `r.cost_usd >= ${parameter(filter.minCostUsd)}`);
  return parts;
}

/** Of others, shared with the person or with everybody. */
const sharedSql = (person: string): string =>
  `r.owner_id <> ${person} AND r.id IN (
     SELECT h.run_id FROM run_shares h WHERE h.user_id = ${person} OR h.user_id IS NULL)`;

/** An index that begins with the column keeps its order for one value, and not for an array of one. */
function oneOf(column: string, any: readonly string[], type: string, parameter: Parameter): string {
  return any.length === 1
    ? `${column} = ${parameter(any[0])}::${type}`
    : `${column} = ANY(${parameter(any)}::${type}[])`;
}

/** What the intake, the metadata or the name of a run must hold. */
function insideConditions(filter: RunFilter, parameter: Parameter): string[] {
  const parts = Object.entries(filter.metadata).map(([key, value]) => metadataSql(key, value, parameter));
  if (filter.q !== null) parts.push(searchSql(filter.q, parameter));
  return parts;
}

function behind(cursor: ListCursor, order: Order, parameter: Parameter): string {
  const sign = order.direction === 'DESC' ? '<' : '>';
  return `(r.${order.name}, r.id) ${sign} (${parameter(cursor.key)}::${order.cast}, ${parameter(cursor.id)}::uuid)`;
}

/** A value of the query is text; in the metadata it may be a text, a number or a boolean. */
function metadataSql(key: string, value: string, parameter: Parameter): string {
  const forms = [JSON.stringify({ [key]: value })];
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(value)) forms.push(`{${JSON.stringify(key)}:${value}}`);
  return `(${forms.map((form) => `i.metadata @> ${parameter(form)}::jsonb`).join(' OR ')})`;
}

function searchSql(q: string, parameter: Parameter): string {
  const words = `i.search @@ websearch_to_tsquery('simple', ${parameter(q)})`;
  // One or two characters have no trigram: `run_search()` keeps them among the words, behind a mark.
  if ([...q].length < 3) {
    const lexeme = `'\u0001${q.toLowerCase().replace(/['\\]/g, '$&$&')}'`;
    return `(${words} OR i.search @@ ${parameter(lexeme)}::tsquery)`;
  }
  const parts = [words, `i.project_name ILIKE ${parameter(`%${q.replace(/[\\%_]/g, '\\$&')}%`)}`];
  const id = q.trim().toLowerCase().replace(/^run_/, '');
  if (/^[0-9a-f]{8}$/.test(id)) parts.push(`right(i.run_id::text, 8) = ${parameter(id)}`);
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) parts.push(`i.run_id = ${parameter(id)}::uuid`);
  return `(${parts.join(' OR ')})`;
}
