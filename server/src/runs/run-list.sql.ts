import type { Sort, SortField } from './dto/list-runs.query.js';
import type { ListCursor } from './list-cursor.js';
import type { RunFilter, RunPage } from './run-list.repository.js';

interface Order {
  readonly name: string;
  readonly column: string;
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
  return { name, cast, column: `r.${name}`, direction: sort.startsWith('-') ? 'DESC' : 'ASC' };
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

/** Reads one page, and one row more where there is a next one. */
export function pageStatement(filter: RunFilter, page: RunPage): Statement {
  const order = orderOf(page.sort);
  const values: unknown[] = [];
  const parameter: Parameter = (value) => `$${String(values.push(value))}`;
  const parts = conditions(filter, parameter);
  if (page.cursor !== null) parts.push(behind(page.cursor, order, parameter));
  const text = `SELECT p.*, u.name AS owner_name, u.email AS owner_email FROM (
       SELECT ${COLUMNS}, ${order.column}::text AS sort_key FROM runs r WHERE ${parts.join(' AND ')}
       ORDER BY ${order.column} ${order.direction}, r.id ${order.direction}
       LIMIT ${String(page.limit + 1)} OFFSET ${String(page.cursor === null ? page.offset : 0)}
     ) p JOIN users u ON u.id = p.owner_id
     ORDER BY p.${order.name} ${order.direction}, p.id ${order.direction}`;
  return { text, values };
}

/** Counts the runs that match, to one past the cap. */
export function countStatement(filter: RunFilter, cap: number): Statement {
  const values: unknown[] = [];
  const parts = conditions(filter, (value) => `$${String(values.push(value))}`);
  const text = `SELECT count(*) AS n FROM (
      SELECT FROM runs r WHERE ${parts.join(' AND ')} LIMIT ${String(cap + 1)}
    ) capped`;
  return { text, values };
}

/** What a run must be, every value a parameter. */
function conditions(filter: RunFilter, parameter: Parameter): string[] {
  const parts = [filter.archived ? 'r.archived_at IS NOT NULL' : 'r.archived_at IS NULL'];
  const add = (given: boolean, part: () => string): void => {
    if (given) parts.push(part());
  };
  add(filter.visibleTo !== null, () => `r.owner_id = ${parameter(filter.visibleTo)}`);
  add(filter.ownerId !== null, () => `r.owner_id = ${parameter(filter.ownerId)}`);
  add(
    filter.ownerEmail !== null,
    () => `r.owner_id = (SELECT id FROM users WHERE email = ${parameter(filter.ownerEmail)})`,
  );
  add(filter.status.length > 0, () => `r.status = ANY(${parameter(filter.status)}::run_status[])`);
  add(filter.profile.length > 0, () => `r.profile = ANY(${parameter(filter.profile)}::text[])`);
  add(filter.waitingOn.length > 0, () => `r.waiting_kind = ANY(${parameter(filter.waitingOn)}::text[])`);
  add(filter.createdAfter !== null, () => `r.created_at >= ${parameter(filter.createdAfter)}`);
  add(filter.createdBefore !== null, () => `r.created_at < ${parameter(filter.createdBefore)}`);
  add(filter.minCostUsd !== null, () => `r.cost_usd >= ${parameter(filter.minCostUsd)}`);
  const given = Object.entries(filter.metadata).map(([key, value]) => metadataSql(key, value, parameter));
  if (filter.q !== null) given.push(searchSql(filter.q, parameter));
  add(given.length > 0, () => `r.id IN (SELECT i.run_id FROM run_inputs i WHERE ${given.join(' AND ')})`);
  return parts;
}

function behind(cursor: ListCursor, order: Order, parameter: Parameter): string {
  const sign = order.direction === 'DESC' ? '<' : '>';
  return `(${order.column}, r.id) ${sign} (${parameter(cursor.key)}::${order.cast}, ${parameter(cursor.id)}::uuid)`;
}

/** A value of the query is text; in the metadata it may be a text, a number or a boolean. */
function metadataSql(key: string, value: string, parameter: Parameter): string {
  const forms = [JSON.stringify({ [key]: value })];
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(value)) forms.push(`{${JSON.stringify(key)}:${value}}`);
  return `(${forms.map((form) => `i.metadata @> ${parameter(form)}::jsonb`).join(' OR ')})`;
}

function searchSql(q: string, parameter: Parameter): string {
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const parts = [
    `i.project_name ILIKE ${parameter(pattern)}`,
    `i.search @@ websearch_to_tsquery('simple', ${parameter(q)})`,
  ];
  const id = q.trim().toLowerCase().replace(/^run_/, '');
  if (/^[0-9a-f]{8}$/.test(id)) parts.push(`right(i.run_id::text, 8) = ${parameter(id)}`);
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) parts.push(`i.run_id = ${parameter(id)}::uuid`);
  return `(${parts.join(' OR ')})`;
}
