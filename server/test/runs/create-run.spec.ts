import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, detail, publish } from './run-steps.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('POST /runs', () => {
  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'three', commands({ plan: 'true', build: 'true', check: 'true' }), {
      parameters: {
        type: 'object',
        properties: {
          channel: { type: 'string', enum: ['stable', 'beta'], default: 'stable' },
          depth: { type: 'integer', minimum: 1 },
        },
        additionalProperties: false,
      },
    });
    await publish(api.admin, 'on_repository', commands({ plan: 'true' }), { repository: 'required' });
  });

  afterAll(() => api.stop());

  const refused = async (body: unknown): Promise<ProblemDto> => {
    const answer = await api.member.post<ProblemDto>('/runs', body);
    expect({ status: answer.status, type: answer.headers.get('content-type') }).toEqual({
      status: 400,
      type: expect.stringMatching(/^application\/problem\+json/),
    });
    return answer.body;
  };

  it('answers 201 with the summary of a running run at its first phase, and where it is', async () => {
    const before = Date.now();
    const { status, headers, body } = await api.member.post<RunSummaryDto>('/runs', { profile: 'three' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/runs/${body.run_id}`);
    expect(body.run_id).toMatch(UUID_V7);
    expect(body).toEqual({
      run_id: body.run_id,
      profile: 'three',
      profile_version: 1,
      project_name: `run_${body.run_id.slice(-8)}`,
      current_phase: 'plan',
      status: 'running',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: body.created_at,
      owner: { user_id: expect.any(String), name: 'member', email: 'member@example.org' },
      progress: {
        phases_done: 0,
        phases_total: 3,
        ratio: 0,
        phases: ['plan', 'build', 'check'].map((phase) => ({ phase, status: 'pending' })),
      },
      waiting_on: { kind: 'advance', since: expect.any(String), detail: expect.stringContaining('plan') },
      cost_usd: 0,
      unpriced_calls: 0,
      total_duration_seconds: null,
      artifacts_count: 0,
      waived_gates: 0,
      auto_advance: false,
      archived_at: null,
    });
    expect(Date.parse(body.created_at)).toBeGreaterThanOrEqual(before);
  });

  it('stores what it was given as it was given', async () => {
    const metadata = { ticket: 'OPS-1', nested: { list: [1, 'zwei', null, true], '🚀': 'שלום' } };
    const id = await createRun(api.member, 'three', {
      intake: 'Härte\n\tden Dienst 🚀 שלום',
      project_name: 'Zürich\n🚀 שלום',
      metadata,
      parameters: { channel: 'beta' },
      budget: { max_cost_usd: 0.1, max_tokens: 1000 },
    });
    expect(await detail(api.member, id)).toMatchObject({
      intake: 'Härte\n\tden Dienst 🚀 שלום',
      project_name: 'Zürich\n🚀 שלום',
      metadata,
      parameters: { channel: 'beta' },
      budget: { max_cost_usd: 0.1, max_tokens: 1000, spent_usd: 0, spent_tokens: 0 },
    });
  });

  it('takes null for every optional value as if it were absent', async () => {
    const id = await createRun(api.member, 'three', {
      intake: null,
      project_name: null,
      metadata: null,
      repository: null,
      budget: null,
      template: null,
      parameters: null,
      auto_advance: null,
    });
    expect(await detail(api.member, id)).toMatchObject({
      intake: null,
      project_name: `run_${id.slice(-8)}`,
      metadata: {},
      repository: null,
      parameters: { channel: 'stable' },
      budget: { max_cost_usd: null, max_tokens: null },
      auto_advance: false,
    });
  });

  it('refuses an unknown profile and names the known ones', async () => {
    const problem = await refused({ profile: 'nonsense' });
    expect(problem.code).toBe('unknown_profile');
    expect(problem.detail).toContain('self_hardening');
    expect(problem.detail).toContain('three');
    expect(problem.errors).toEqual([
      { pointer: '/profile', message: expect.stringContaining('self_hardening') },
    ]);
  });

  it.each([
    ['no profile', {}, '/profile'],
    ['an empty profile', { profile: '' }, '/profile'],
    ['a profile that is no text', { profile: 5 }, '/profile'],
    ['an intake that is no text', { profile: 'three', intake: ['x'] }, '/intake'],
    ['an intake over 200,000 characters', { profile: 'three', intake: 'x'.repeat(200_001) }, '/intake'],
    ['an empty project name', { profile: 'three', project_name: '' }, '/project_name'],
    ['metadata that is a list', { profile: 'three', metadata: [] }, '/metadata'],
    ['metadata over 64 KiB', { profile: 'three', metadata: { k: 'x'.repeat(64 * 1024) } }, '/metadata'],
    ['auto_advance that is a text', { profile: 'three', auto_advance: 'yes' }, '/auto_advance'],
    ['a repository that is a text', { profile: 'three', repository: 'x' }, '/repository'],
    ['an unknown field of the repository', { profile: 'three', repository: { x: 1 } }, '/repository/x'],
    ['a negative budget', { profile: 'three', budget: { max_cost_usd: -1 } }, '/budget/max_cost_usd'],
    ['half a token', { profile: 'three', budget: { max_tokens: 0.5 } }, '/budget/max_tokens'],
    ['parameters that are a list', { profile: 'three', parameters: [] }, '/parameters'],
    ['an unknown parameter', { profile: 'three', parameters: { colour: 'red' } }, '/parameters/colour'],
    ['a parameter out of range', { profile: 'three', parameters: { channel: 'x' } }, '/parameters/channel'],
    ['a parameter of another type', { profile: 'three', parameters: { depth: '3' } }, '/parameters/depth'],
    ['an unknown field', { profile: 'three', color: 'red' }, '/color'],
    ['NUL in a text', { profile: 'three', intake: 'a\0b' }, '/intake'],
    ['NUL in the project name', { profile: 'three', project_name: 'a\0b' }, '/project_name'],
    ['NUL in the profile', { profile: 'th\0ree' }, '/profile'],
    ['NUL deep in the metadata', { profile: 'three', metadata: { a: ['\0'] } }, '/metadata/a/0'],
    ['NUL in a parameter', { profile: 'three', parameters: { channel: '\0' } }, '/parameters/channel'],
    [
      'NUL in the ref',
      { profile: 'three', repository: { url: 'https://e.org/x', ref: '\0' } },
      '/repository/ref',
    ],
    ['no repository where one is required', { profile: 'on_repository' }, '/repository'],
  ])('refuses %s with a pointer', async (_what, body, pointer) => {
    const problem = await refused(body);
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect(problem.errors?.every((error) => error.message.length > 0)).toBe(true);
  });

  it.each([
    ['a value', String.raw`{"profile": "three", "intake": "a\ud800b"}`, '/intake'],
    ['a value of the metadata', String.raw`{"profile": "three", "metadata": {"k": "\udc00"}}`, '/metadata/k'],
    ['a key of the metadata', String.raw`{"profile": "three", "metadata": {"\ud800": 1}}`, '/metadata'],
    [
      'a key of the metadata with NUL',
      String.raw`{"profile": "three", "metadata": {"a\u0000": 1}}`,
      '/metadata',
    ],
  ])('refuses half a character or NUL in %s with a pointer', async (_what, text, pointer) => {
    const { status, body } = await api.member.postText<ProblemDto>('/runs', text);
    expect(status).toBe(400);
    expect(body.errors?.[0]?.pointer).toContain(pointer);
  });

  it.each(['', '[]', '"text"', 'null', '{"profile": '])('refuses the body %p', async (text) => {
    const { status, body } = await api.member.postText<ProblemDto>('/runs', text);
    expect(status).toBe(400);
    expect(['invalid_request', 'malformed_json']).toContain(body.code);
  });

  it('takes an intake of exactly 200,000 characters, also of characters that take two units', async () => {
    const id = await createRun(api.member, 'three', { intake: 'x'.repeat(199_999) + '\n' });
    expect((await detail(api.member, id)).intake).toHaveLength(200_000);
    const words = `${'word '.repeat(39_999)}last!`;
    expect(words).toHaveLength(200_000);
    await createRun(api.member, 'three', { intake: words });
    await createRun(api.member, 'three', { intake: '🚀'.repeat(200_000) });
  });

  it('takes metadata of exactly 64 KiB', async () => {
    const empty = Buffer.byteLength(JSON.stringify({ k: '' }));
    await createRun(api.member, 'three', { metadata: { k: 'x'.repeat(64 * 1024 - empty) } });
  });

  it('keeps keys of the metadata that mean something to the language', async () => {
    const metadata = { toString: 'x', hasOwnProperty: 1, length: 0, then: null };
    expect((await detail(api.member, await createRun(api.member, 'three', { metadata }))).metadata).toEqual(
      metadata,
    );
  });

  it.each(['__proto__', 'constructor', 'prototype'])(
    'refuses the reserved key %s instead of losing it silently',
    async (key) => {
      const text = `{"profile": "three", "metadata": {"deep": [{"${key}": 1}]}}`;
      const { status, body } = await api.member.postText<ProblemDto>('/runs', text);
      expect(status).toBe(400);
      expect(body.errors).toContainEqual({
        pointer: '/metadata/deep/0',
        message: expect.stringContaining(key),
      });
    },
  );

  it('refuses a body that is nested so deep that no walk would come back from it', async () => {
    const nested = '['.repeat(200_000) + ']'.repeat(200_000);
    const text = `{"profile": "three", "metadata": {"k": ${nested}}}`;
    const { status, body } = await api.member.postText<ProblemDto>('/runs', text);
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(body.errors?.[0]?.pointer).toBe('/metadata/k/0');
  });

  it('refuses a body that is larger than the server takes', async () => {
    const answer = await api.member.post<ProblemDto>('/runs', {
      profile: 'three',
      intake: 'x'.repeat(3_000_000),
    });
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
  });

  it('is for members: a viewer is told that it may not, nobody that authentication is needed', async () => {
    expect(await api.viewer.post('/runs', { profile: 'three' })).toMatchObject({ status: 403 });
    const { status, body } = await api.nobody.post<ProblemDto>('/runs', { profile: 'three' });
    expect(status).toBe(401);
    expect(body.detail.toLowerCase()).toContain('authentication');
  });

  it('creates at the newest version of the profile, and older runs keep theirs', async () => {
    await publish(api.admin, 'moving', commands({ one: 'true' }));
    const old = await createRun(api.member, 'moving');
    await publish(api.admin, 'moving', commands({ one: 'true', two: 'true' }));
    const young = await createRun(api.member, 'moving');
    const version = async (id: string): Promise<[number, number]> => {
      const run: RunDetailDto = await detail(api.member, id);
      return [run.profile_version, run.phases.length];
    };
    expect([await version(old), await version(young)]).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });
});
