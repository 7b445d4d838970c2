import type { Sort, SortField } from './dto/list-runs.query.js';
import type { RunFilter } from './run-list.repository.js';

export interface Order {
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

export function orderOf(sort: Sort): Order {
  const field = sort.replace(/^-/, '') as SortField;
  const { name, cast } = ORDERS[field];
  return { name, cast, column: `r.${name}`, direction: sort.startsWith('-') ? 'DESC' : 'ASC' };
}

interface Where {
  readonly sql: string;
  readonly values: unknown[];
}

/** The condition of the list, every value a parameter. */
export function whereOf(
  filter: RunFilter,
  after: { readonly key: string; readonly id: string; readonly order: Order } | null,
): Where {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${String(values.push(value))}`;
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
  for (const [key, value] of Object.entries(filter.metadata)) parts.push(metadataSql(key, value, parameter));
  if (filter.q !== null) parts.push(searchSql(filter.q, parameter));
  if (after !== null) {
    const { order } = after;
    const sign = order.direction === 'DESC' ? '<' : '>';
    parts.push(
      `(${order.column}, r.id) ${sign} (${parameter(after.key)}::${order.cast}, ${parameter(after.id)}::uuid)`,
    );
  }
  return { sql: parts.join(' AND '), values };
}

/** A value of the query is text; in the metadata it may be a text, a number or a boolean. */
function metadataSql(key: string, value: string, parameter: (value: unknown) => string): string {
  const forms = [JSON.stringify({ [key]: value })];
  if (/^(true|false|null|-?\d+(\.\d+)?)$/.test(value)) forms.push(`{${JSON.stringify(key)}:${value}}`);
  const any = forms.map((form) => `i.metadata @> ${parameter(form)}::jsonb`).join(' OR ');
  return `r.id IN (SELECT i.run_id FROM run_inputs i WHERE ${any})`;
}

function searchSql(q: string, parameter: (value: unknown) => string): string {
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const parts = [
    `SELECT id FROM runs WHERE project_name ILIKE ${parameter(pattern)}`,
    `SELECT run_id FROM run_inputs WHERE search @@ websearch_to_tsquery('simple', ${parameter(q)})`,
  ];
  const id = q.trim().toLowerCase().replace(/^run_/, '');
  if (/^[0-9a-f]{8}$/.test(id)) parts.push(`SELECT id FROM runs WHERE right(id::text, 8) = ${parameter(id)}`);
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) parts.push(`SELECT ${parameter(id)}::uuid`);
  return `r.id IN (${parts.join(' UNION ')})`;
}
