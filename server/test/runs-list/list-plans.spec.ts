import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { CASES_BY_ROW, CASES_INSIDE, SORTS } from '../../../e2e/load/list-cases.js';
import { seedRuns } from '../../../e2e/load/seed-runs.js';
import type { Sort } from '../../src/runs/dto/list-runs.query.js';
import type { RunPage } from '../../src/runs/run-list.repository.js';
import {
  beyondWalkStatement,
  countStatement,
  manyMatchStatement,
  pageStatement,
  type Statement,
} from '../../src/runs/run-list.sql.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const RUNS = 50_000;
const CAP = 10_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement cost, whatever the machine. */
interface Work {
  /** Tables that were read from end to end. */
  readonly scanned: readonly string[];
  /** Rows that were looked at in tables and indexes. */
  readonly rows: number;
  readonly blocks: number;
}

describe(`the list of ${String(RUNS)} runs`, () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    await seedRuns(client, RUNS);
  }, 300_000);

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function workOf({ text, values }: Statement): Promise<Work> {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${text}`,
      values,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan === undefined) throw new Error('PostgreSQL explained nothing');
    const nodes = flatten(plan).filter((node) => node['Node Type'].endsWith('Scan'));
    return {
      scanned: nodes.flatMap((node) =>
        node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [],
      ),
      rows: Math.round(nodes.reduce((sum, node) => sum + lookedAt(node), 0)),
      blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
    };
  }

  async function expectWithin(statement: Statement, most: { rows: number; blocks: number }, about: object) {
    const work = await workOf(statement);
    const scanned = work.scanned.filter((table) => table !== 'users');
    const within = work.rows <= most.rows && work.blocks <= most.blocks;
    expect({ ...about, ...work, scanned, within }).toMatchObject({ scanned: [], within: true });
  }

  const page = (sort: Sort): RunPage => ({ sort, limit: 50, offset: 0, cursor: null });

  it.each(CASES_BY_ROW)('reads a page by index in every order ($name)', async ({ filter }) => {
    for (const sort of SORTS) {
      await expectWithin(pageStatement(filter, page(sort), 'rows'), { rows: 2500, blocks: 2500 }, { sort });
    }
  });

  it.each(CASES_BY_ROW)('reads the page behind a cursor by index ($name)', async ({ filter }) => {
    const { rows } = await client.query<{ id: string; key: string }>(
      'SELECT id, created_at::text AS key FROM runs ORDER BY created_at OFFSET 25000 LIMIT 1',
    );
    const sort = '-created_at';
    const cursor = { sort, id: rows[0]?.id ?? '', key: rows[0]?.key ?? '' } as const;
    const statement = pageStatement(filter, { ...page(sort), cursor }, 'rows');
    await expectWithin(statement, { rows: 2500, blocks: 2500 }, {});
  });

  it.each(CASES_BY_ROW)('counts to the cap and no further ($name)', async ({ filter }) => {
    await expectWithin(countStatement(filter, CAP), { rows: CAP + 1, blocks: 2 * CAP }, {});
  });

  it.each(CASES_INSIDE)('walks along every order for a while only ($name)', async ({ filter }) => {
    for (const sort of SORTS) {
      await expectWithin(pageStatement(filter, page(sort), 'walk'), { rows: 6500, blocks: 20_000 }, { sort });
      await expectWithin(beyondWalkStatement(filter, page(sort)), { rows: 3001, blocks: 3001 }, { sort });
    }
  });

  it.each(CASES_INSIDE.filter(({ name }) => /one|ten|none/.test(name)))(
    'reads what matches seldom from what matches ($name)',
    async ({ filter }) => {
      await expectWithin(manyMatchStatement(filter), { rows: 1000, blocks: 1000 }, {});
      for (const sort of SORTS) {
        await expectWithin(
          pageStatement(filter, page(sort), 'match'),
          { rows: 2500, blocks: 2500 },
          { sort },
        );
      }
    },
  );
});

const flatten = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(flatten)];
const lookedAt = (node: PlanNode): number =>
  node['Actual Loops'] * (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0));
