import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What costs are told by. */
export const COST_GROUPS = ['day', 'project', 'profile', 'model', 'person'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** From `from` on, before `to`; of one owner's runs where `ownerId` is not null. */
export interface CostRange {
  readonly from: Date;
  readonly to: Date;
  readonly ownerId: string | null;
}

export interface CostRow {
  readonly key: string;
  readonly name: string;
  /** Decimal; null where no call of it has a price. */
  readonly cost: string | null;
  readonly input: string;
  readonly output: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
  readonly calls: number;
  readonly unpriced: number;
  readonly runs: number;
}

const SUMS = `CASE WHEN count(*) = 0 THEN 0 ELSE sum(u.cost_usd) END::text AS cost,
  coalesce(sum(u.input_tokens), 0)::text AS input, coalesce(sum(u.output_tokens), 0)::text AS output,
  coalesce(sum(u.cache_read_tokens), 0)::text AS "cacheRead", coalesce(sum(u.cache_write_tokens), 0)::text AS "cacheWrite",
  count(*)::int AS calls, (count(*) FILTER (WHERE u.cost_usd IS NULL))::int AS unpriced, count(DISTINCT u.run_id)::int AS runs`;
const WHERE = `u.at >= $1 AND u.at < $2 AND ($3::uuid IS NULL OR u.owner_id = $3)`;

const KEYS: Readonly<Record<CostGroup, string>> = {
  day: `to_char(u.at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  project: 'u.project',
  profile: 'u.profile',
  model: `u.provider || '/' || u.model`,
  person: 'u.owner_id::text',
};

/** Sums of the ledger. It has a row per call, and an index on when and whose. */
@Injectable()
export class CostsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Days in their order, everything else the dearest first; at most `limit`. */
  by(group: CostGroup, { from, to, ownerId }: CostRange, limit: number): Promise<CostRow[]> {
    const order = group === 'day' ? 'key' : 'sum(u.cost_usd) DESC NULLS LAST, key';
    return this.dataSource.query<CostRow[]>(
      `SELECT ${KEYS[group]} AS key, ${group === 'person' ? `coalesce(max(p.name), 'removed')` : KEYS[group]} AS name, ${SUMS}
       FROM usage_ledger u LEFT JOIN users p ON p.id = u.owner_id
       WHERE ${WHERE} GROUP BY 1 ORDER BY ${order} LIMIT $4`,
      [from, to, ownerId, limit],
    );
  }

  async total({ from, to, ownerId }: CostRange): Promise<Omit<CostRow, 'key' | 'name'>> {
    const [row] = await this.dataSource.query<CostRow[]>(
      `SELECT ${SUMS} FROM usage_ledger u WHERE ${WHERE}`,
      [from, to, ownerId],
    );
    if (row === undefined) throw new Error('An aggregate is one row');
    return row;
  }
}
