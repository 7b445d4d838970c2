import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { RunListDto, RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, detail, next, publish } from './run-steps.js';

describe('GET /runs', () => {
  let api: TestApp;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    api = await startTestApp();
    const line = `echo '{"usage":{"provider":"anthropic","model":"claude-sonnet-4-5","input_tokens":1000,"output_tokens":0}}' >> "$ORCHESTRATOR_OUTPUT"`;
    await publish(api.admin, 'first', commands({ plan: 'true' }));
    await publish(api.admin, 'second', commands({ plan: line, build: 'exit 3' }));
    const create = async (client: ApiClient, name: string, profile: string, more: object): Promise<void> => {
      ids[name] = await createRun(client, profile, { project_name: name, ...more });
    };
    await create(api.member, 'alpha', 'first', {
      intake: 'Quarterly forecast of the turbines',
      metadata: { team: 'red', number: 5, urgent: true, 'dotted.key': 'x', nested: { a: 1 } },
    });
    await create(api.member, 'beta_100%', 'second', { metadata: { team: 'blue', number: '5', none: null } });
    await create(api.member, 'gamma', 'second', { intake: 'Naïve turbine' });
    await create(api.otherMember, 'delta', 'first', { metadata: { team: 'red' } });
    await next(api.member, ids['alpha'] ?? '');
    await next(api.member, ids['beta_100%'] ?? '');
    await next(api.member, ids['beta_100%'] ?? '');
    await api.member.post(`/runs/${ids['gamma'] ?? ''}/pause`);
  });

  afterAll(() => api.stop());

  const list = async (query: string, client = api.member): Promise<RunListDto> => {
    const { status, body } = await client.get<RunListDto>(`/runs${query}`);
    expect({ query, status, body }).toMatchObject({ status: 200 });
    return body;
  };
  const names = async (query: string, client = api.member): Promise<string[]> =>
    (await list(query, client)).runs.map((run) => run.project_name);

  it('shows members their own runs, newest first, and administrators all', async () => {
    const mine = await list('');
    expect({ ...mine, runs: [] }).toEqual({
      runs: [],
      total: 3,
      total_capped: false,
      limit: 50,
      offset: 0,
      next_cursor: null,
    });
    expect(mine.runs.map((run) => run.project_name)).toEqual(['gamma', 'beta_100%', 'alpha']);
    expect(await names('', api.otherMember)).toEqual(['delta']);
    expect(await names('', api.admin)).toEqual(['delta', 'gamma', 'beta_100%', 'alpha']);
    expect(await list('', api.viewer)).toMatchObject({ runs: [], total: 0 });
  });

  it('shows each run as its own page does', async () => {
    for (const run of (await list('')).runs) {
      expect(await detail(api.member, run.run_id)).toMatchObject({ ...run });
    }
  });

  it.each([
    ['?status=completed', ['alpha']],
    ['?status=completed&status=paused', ['gamma', 'alpha']],
    ['?status=failed', ['beta_100%']],
    ['?status=cancelled', []],
    ['?profile=first', ['alpha']],
    ['?profile=first&profile=second', ['gamma', 'beta_100%', 'alpha']],
    ['?profile=none', []],
    ['?owner=me', ['gamma', 'beta_100%', 'alpha']],
    ['?owner=MEMBER@example.org', ['gamma', 'beta_100%', 'alpha']],
    ['?owner=other-member@example.org', []],
    ['?owner=nobody@example.org', []],
    ['?waiting_on=advance', ['beta_100%']],
    ['?waiting_on=approval&waiting_on=budget', []],
    ['?min_cost_usd=0.003', ['beta_100%']],
    ['?min_cost_usd=0.0030001', []],
    ['?archived=true', []],
    ['?archived=false', ['gamma', 'beta_100%', 'alpha']],
    ['?created_after=2020-01-01T00:00:00Z&created_before=2099-01-01', ['gamma', 'beta_100%', 'alpha']],
    ['?created_before=2020-01-01T00:00:00%2B02:00', []],
    ['?metadata.team=red', ['alpha']],
    ['?metadata.team=blue&metadata.number=5', ['beta_100%']],
    ['?metadata.number=5', ['beta_100%', 'alpha']],
    ['?metadata.urgent=true', ['alpha']],
    ['?metadata.none=null', ['beta_100%']],
    ['?metadata.dotted.key=x', ['alpha']],
    [`?metadata.team=${encodeURIComponent(`red' OR 1=1 --`)}`, []],
    ['?q=alph', ['alpha']],
    ['?q=ALPHA', ['alpha']],
    [`?q=${encodeURIComponent('100%')}`, ['beta_100%']],
    [`?q=${encodeURIComponent('%')}`, ['beta_100%']],
    [`?q=${encodeURIComponent('_')}`, ['beta_100%']],
    [`?q=${encodeURIComponent('\\')}`, []],
    [`?q=${encodeURIComponent(`'; DROP TABLE runs; --`)}`, []],
    ['?q=turbines+forecast', ['alpha']],
    [`?q=${encodeURIComponent('naïve')}`, ['gamma']],
    ['?q=%F0%9F%9A%80', []],
    ['?q=+', ['gamma', 'beta_100%', 'alpha']],
    ['?q=turbines&status=completed&profile=first&metadata.team=red', ['alpha']],
  ])('filters by %s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
    expect((await list(query)).total).toBe(expected.length);
  });

  it('finds a run by its id, its short id and the default name that is made from it', async () => {
    const id = ids['gamma'] ?? '';
    for (const q of [id, id.toUpperCase(), id.slice(-8), `run_${id.slice(-8)}`]) {
      expect(await names(`?q=${q}`)).toEqual(['gamma']);
    }
    const nameless = await createRun(api.otherMember, 'first');
    expect(await names(`?q=run_${nameless.slice(-8)}`, api.otherMember)).toEqual([
      `run_${nameless.slice(-8)}`,
    ]);
    expect(await names(`?q=${nameless}`)).toEqual([]);
  });

  it.each([
    'limit=0',
    'limit=201',
    'limit=ten',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'offset=-1',
    'offset=10001',
    'status=nonsense',
    'status=completed&status=x',
    'sort=name',
    'sort=--created_at',
    'waiting_on=godot',
    'created_after=yesterday',
    'created_after=2026-02-30T00:00:00Z',
    'created_before=',
    'min_cost_usd=-1',
    'min_cost_usd=much',
    'min_cost_usd=Infinity',
    'archived=maybe',
    'cursor=garbage',
    'cursor=W10',
    `q=${'x'.repeat(201)}`,
    'q=a%00b',
    'owner=%00',
    'profile=%00',
    'metadata.team=%00',
    'metadata.=x',
    'metadata.a=1&metadata.a=2',
    'colour=red',
    'metadata[team]=red',
    'q[]=x',
  ])('refuses ?%s with 400 and the name of the parameter', async (query) => {
    const { status, body } = await api.member.get<ProblemDto>(`/runs?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
    const name = /^[a-z_]+/.exec(query)?.[0] ?? '';
    expect(body.errors?.[0]?.pointer).toContain(`?${name}`);
  });

  describe('in pages', () => {
    const SORTS = ['created_at', 'updated_at', 'project_name', 'cost_usd', 'duration'] as const;
    const valueOf = (run: RunSummaryDto, sort: (typeof SORTS)[number]): string | number =>
      sort === 'duration' ? (run.total_duration_seconds ?? 0) : run[sort];

    /** Every page by cursor, two at a time. */
    async function walk(query: string, between: () => Promise<unknown>): Promise<string[]> {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: RunListDto = await list(
          `?limit=2&${query}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
          api.admin,
        );
        seen.push(...page.runs.map((run) => run.run_id));
        cursor = page.next_cursor;
        await between();
      }
      return seen;
    }

    it.each(SORTS.flatMap((sort) => [sort, `-${sort}` as const]))(
      'is the whole list in the order of %s, each run once',
      async (sort) => {
        const whole = (await list(`?limit=200&sort=${sort}`, api.admin)).runs;
        expect(await walk(`sort=${sort}`, () => Promise.resolve())).toEqual(whole.map((run) => run.run_id));
        const field = sort.replace('-', '') as (typeof SORTS)[number];
        const values = whole.map((run) => valueOf(run, field));
        const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(values).toEqual(sort.startsWith('-') ? sorted.reverse() : sorted);
      },
    );

    it('stays stable while runs are created', async () => {
      const before = (await list('?limit=200', api.admin)).runs.map((run) => run.run_id);
      const seen = await walk('sort=-created_at', () => createRun(api.otherMember, 'first'));
      expect(seen).toEqual(before);
    });

    it('passes over as many as the offset says', async () => {
      const whole = (await list('')).runs.map((run) => run.run_id);
      const page = await list('?limit=1&offset=1');
      expect(page).toMatchObject({ limit: 1, offset: 1, total: 3 });
      expect(page.runs.map((run) => run.run_id)).toEqual([whole[1]]);
      expect(await list('?offset=10000')).toMatchObject({ runs: [], total: 3, next_cursor: null });
    });

    it('refuses a cursor of a list in another order', async () => {
      const { next_cursor: cursor } = await list('?limit=1');
      const { status, body } = await api.member.get<ProblemDto>(`/runs?sort=cost_usd&cursor=${cursor ?? ''}`);
      expect({ status, pointer: body.errors?.[0]?.pointer }).toEqual({ status: 400, pointer: '?cursor' });
    });

    it('refuses a cursor whose key was tampered with', async () => {
      const id = ids['alpha'] ?? '';
      const cursor = Buffer.from(JSON.stringify(['-created_at', 'no time at all', id])).toString('base64url');
      expect((await api.member.get(`/runs?cursor=${cursor}`)).status).toBe(400);
    });

    it('counts to 10,000 and says so', async () => {
      await api.database.dataSource.query(
        `INSERT INTO runs SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).*
         FROM runs r, generate_series(1, 10001) WHERE r.id = $1`,
        [ids['delta']],
      );
      expect(await list('?limit=1', api.admin)).toMatchObject({ total: 10_000, total_capped: true });
      expect(await list('?limit=200&offset=10000', api.admin)).toMatchObject({ offset: 10_000 });
      expect(await list('?limit=1')).toMatchObject({ total: 3, total_capped: false });
    });
  });
});
