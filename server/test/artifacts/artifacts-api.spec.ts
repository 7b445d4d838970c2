import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { RunEntity } from '../../src/runs/run.entity.js';
import { RunPhaseEntity } from '../../src/runs/run-phase.entity.js';
import { ADMIN, OWNER, startRunDataApp, STRANGER, VIEWER, type RunDataApp } from '../live/run-data-app.js';
import { seedRun, setPhase } from '../live/seed-run.js';

interface Summary {
  readonly artifact_id: string;
  readonly path: string;
  readonly version: number;
  readonly attempt: number;
  readonly sha256: string;
  readonly superseded: boolean;
}

let server: RunDataApp;
let runId: string;

beforeAll(async () => {
  server = await startRunDataApp({ artifactBytes: 1024 * 1024, artifactsPerRun: 20 });
}, 60_000);
afterAll(() => server.close());
beforeEach(async () => {
  runId = await seedRun(server.database.dataSource, server.ownerId);
});

const call = (path: string, init: RequestInit = {}, as = OWNER): Promise<Response> =>
  fetch(`${server.url}/runs/${runId}${path}`, { ...init, headers: { ...server.as(as), ...init.headers } });

function form(
  fields: Record<string, string>,
  content: string | Uint8Array<ArrayBuffer>,
  name = 'file.md',
): RequestInit {
  const body = new FormData();
  for (const [key, value] of Object.entries(fields)) body.set(key, value);
  body.set('file', new Blob([content]), name);
  return { method: 'POST', body };
}

const upload = (
  fields: Record<string, string>,
  content = 'text',
  name?: string,
  as?: string,
): Promise<Response> => call('/artifacts', form({ phase: 'planning', ...fields }, content, name), as);

async function uploaded(fields: Record<string, string>, content?: string, name?: string): Promise<Summary> {
  const response = await upload(fields, content, name);
  expect(response.status).toBeLessThan(300);
  return (await response.json()) as Summary;
}

const json = async (path: string): Promise<Record<string, unknown>> =>
  (await (await call(path)).json()) as Record<string, unknown>;

const problem = async (response: Response): Promise<Record<string, unknown>> => {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return (await response.json()) as Record<string, unknown>;
};

describe('listing artifacts', () => {
  it('answers an empty run with no phases', async () => {
    expect(await json('/artifacts')).toEqual({ run_id: runId, artifacts_by_phase: {}, total_count: 0 });
  });

  it('lists the newest version of each path by phase, in the order of the phases', async () => {
    await uploaded({ phase: 'building', path: 'a.md' }, 'building');
    await uploaded({ path: 'b.md' }, 'one');
    await uploaded({ path: 'b.md' }, 'two');
    const list = await json('/artifacts');
    expect(Object.keys(list['artifacts_by_phase'] as object)).toEqual(['planning', 'building']);
    expect(list).toMatchObject({
      total_count: 2,
      artifacts_by_phase: {
        planning: [{ path: 'b.md', version: 2, superseded: false }],
        building: [{ path: 'a.md' }],
      },
    });
    expect(await json('/artifacts?all_versions=true')).toMatchObject({
      total_count: 3,
      artifacts_by_phase: { planning: [{ version: 1, superseded: true }, { version: 2 }] },
    });
  });

  it('has every field of the contract', async () => {
    const content = '# Plan\n';
    const { artifact_id } = await uploaded({ path: 'docs/plan.md', step: 'write' }, content);
    const expected = {
      artifact_id,
      phase: 'planning',
      path: 'docs/plan.md',
      name: 'plan.md',
      description: 'The plan',
      artifact_type: 'prd',
      size_bytes: content.length,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/u),
      sha256: createHash('sha256').update(content).digest('hex'),
      media_type: 'text/markdown',
      attempt: 1,
      version: 1,
      step_id: 'write',
      agent_id: 'architect',
      superseded: false,
    };
    expect(await json(`/artifacts/${artifact_id}`)).toEqual(expected);
    expect(await json('/artifacts')).toEqual({
      run_id: runId,
      artifacts_by_phase: { planning: [expected] },
      total_count: 1,
    });
  });

  it('hides the runs of others, but not from administrators', async () => {
    const { artifact_id } = await uploaded({ path: 'a.md' });
    for (const path of [
      '/artifacts',
      `/artifacts/${artifact_id}`,
      `/artifacts/${artifact_id}/content`,
      '/artifacts.zip',
    ]) {
      const response = await call(path, {}, STRANGER);
      expect(response.status).toBe(404);
      expect((await problem(response))['detail']).toBe(`Run not found: ${runId}`);
      expect((await call(path, {}, ADMIN)).status).toBe(200);
    }
    expect((await upload({ path: 'b.md' }, 'x', 'b.md', STRANGER)).status).toBe(404);
  });

  it('refuses unknown query fields and wrong values', async () => {
    for (const query of ['?all_versions=maybe', '?limit=3'])
      expect((await call(`/artifacts${query}`)).status).toBe(400);
  });

  it('does not find an artifact of another run, or by an id of another form', async () => {
    const { artifact_id } = await uploaded({ path: 'a.md' });
    runId = await seedRun(server.database.dataSource, server.ownerId);
    for (const id of [artifact_id, v7(), 'x', '../../x']) {
      const response = await call(`/artifacts/${encodeURIComponent(id)}`);
      expect(response.status).toBe(404);
    }
  });
});

describe('uploading', () => {
  it('answers 201 with a location that leads to the artifact', async () => {
    const response = await upload({ path: 'a.md' }, 'words');
    expect(response.status).toBe(201);
    const location = response.headers.get('location') ?? '';
    expect(location).toBe(`/runs/${runId}/artifacts/${((await response.json()) as Summary).artifact_id}`);
    const found = await fetch(server.url + location, { headers: server.as(OWNER) });
    expect(await found.json()).toMatchObject({ path: 'a.md', size_bytes: 5 });
  });

  it('takes the file’s name where no path is given, and a plain body with its fields in the query', async () => {
    expect(await uploaded({}, 'x', 'notes/📊 דוח.md')).toMatchObject({ path: 'notes/📊 דוח.md' });
    const raw = await call('/artifacts?phase=planning&path=raw.bin&type=data', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array([0, 1, 2]),
    });
    expect(raw.status).toBe(201);
    expect(await raw.json()).toMatchObject({
      path: 'raw.bin',
      artifact_type: 'data',
      media_type: 'application/octet-stream',
      size_bytes: 3,
    });
  });

  it('understands fields that follow the file', async () => {
    const body = new FormData();
    body.set('file', new Blob(['x']), 'a.md');
    body.set('phase', 'building');
    const response = await call('/artifacts', { method: 'POST', body });
    expect(await response.json()).toMatchObject({ phase: 'building', path: 'a.md' });
  });

  it('accepts an empty file', async () => {
    const { artifact_id } = await uploaded({ path: 'empty.md' }, '');
    const content = await call(`/artifacts/${artifact_id}/content`);
    expect([content.status, content.headers.get('content-length'), await content.text()]).toEqual([
      200,
      '0',
      '',
    ]);
  });

  it('makes no new version of the same content in the same attempt, but one in the next', async () => {
    const first = await uploaded({ path: 'a.md' }, 'same');
    const again = await upload({ path: 'a.md' }, 'same');
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(first);
    await setPhase(server.database.dataSource, runId, 'planning', 'in_progress', 2);
    expect(await uploaded({ path: 'a.md' }, 'same')).toMatchObject({ version: 2, attempt: 2 });
    expect(await uploaded({ path: 'a.md' }, 'other')).toMatchObject({ version: 3, attempt: 2 });
    expect(await uploaded({ path: 'a.md' }, 'same')).toMatchObject({ version: 4, attempt: 2 });
  });

  it('counts versions without gaps when many upload at once, and keeps the counts of run and phase', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => uploaded({ path: 'a.md' }, `content ${String(index)}`)),
    );
    expect(results.map((result) => result.version).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    await uploaded({ path: 'b.md', phase: 'building' });
    const { dataSource } = server.database;
    const run = await dataSource.getRepository(RunEntity).findOneByOrFail({ id: runId });
    const phase = await dataSource
      .getRepository(RunPhaseEntity)
      .findOneByOrFail({ runId, phase: 'planning' });
    expect([run.artifactsCount, phase.artifactsCount]).toEqual([2, 1]);
    const list = await json('/artifacts?all_versions=true');
    const versions = (list['artifacts_by_phase'] as Record<string, Summary[]>)['planning'] ?? [];
    expect(versions.filter((version) => !version.superseded).map((version) => version.version)).toEqual([10]);
  });

  it('leaves an entry with the uploader’s name in the history', async () => {
    const { artifact_id, sha256 } = await uploaded({ path: 'a.md' });
    const history = await json('/events');
    expect(history['events']).toEqual([
      expect.objectContaining({
        seq: 1,
        type: 'artifact.recorded',
        phase: 'planning',
        actor: { kind: 'user', id: server.ownerId, name: OWNER },
        data: { artifact_id, path: 'a.md', version: 1, sha256, size_bytes: 4 },
      }),
    ]);
  });

  it.each(['../../x', '/etc/passwd', 'a\\..\\..\\x', 'two\nlines.md', 'C:\\x', 'nul', ''])(
    'refuses the path %j with a pointer',
    async (path) => {
      const response = await upload({ path });
      expect(response.status).toBe(400);
      expect((await problem(response))['errors']).toEqual([expect.objectContaining({ pointer: '/path' })]);
    },
  );

  it.each<[string, string, Record<string, string>]>([
    ['a phase that the run does not have', '/phase', { path: 'a.md', phase: 'nothing' }],
    ['an empty phase', '/phase', { path: 'a.md', phase: '' }],
    ['a step that the phase does not have', '/step', { path: 'a.md', step: 'nothing' }],
    ['an unknown type', '/type', { path: 'a.md', type: 'nothing' }],
    ['an unknown field', '/unknown', { path: 'a.md', unknown: 'x' }],
    ['too long a description', '/description', { path: 'a.md', description: 'x'.repeat(2001) }],
  ])('refuses %s', async (_what, pointer, fields) => {
    const response = await upload(fields);
    expect(response.status).toBe(400);
    expect((await problem(response))['errors']).toEqual([expect.objectContaining({ pointer })]);
    expect(await json('/artifacts')).toMatchObject({ total_count: 0 });
  });

  it('refuses a form without a file, with two, or that is none, and bodies of another kind', async () => {
    const empty = new FormData();
    empty.set('phase', 'planning');
    const two = new FormData();
    two.set('phase', 'planning');
    two.append('file', new Blob(['a']), 'a.md');
    two.append('file', new Blob(['b']), 'b.md');
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await call('/artifacts', { method: 'POST', body: empty })).status).toBe(400);
    expect((await call('/artifacts', { method: 'POST', body: two })).status).toBe(400);
    expect(
      (await call('/artifacts', { method: 'POST', headers: broken, body: '--x\r\nnonsense' })).status,
    ).toBe(400);
    const noBoundary = { 'content-type': 'multipart/form-data' };
    expect((await call('/artifacts', { method: 'POST', headers: noBoundary, body: 'x' })).status).toBe(400);
    const text = { 'content-type': 'text/plain' };
    expect((await call('/artifacts', { method: 'POST', headers: text, body: 'x' })).status).toBe(415);
  });

  it('refuses what is larger than the limit and names it', async () => {
    const large = new Uint8Array(1024 * 1024 + 1);
    const response = await call('/artifacts', form({ phase: 'planning', path: 'a.bin' }, large));
    expect(response.status).toBe(413);
    const answer = await problem(response);
    expect(answer['code']).toBe('artifact_too_large');
    expect(answer['detail']).toContain(String(1024 * 1024));
    const exact = await call('/artifacts', form({ phase: 'planning', path: 'a.bin' }, large.subarray(1)));
    expect(exact.status).toBe(201);
  });

  it('refuses 200 MB whether their size is announced or not, and goes on serving', async () => {
    let sent = 0;
    const endless = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          sent += 1;
          if (sent > 3200) controller.close();
          else controller.enqueue(new Uint8Array(64 * 1024));
        },
      });
    const path = '/artifacts?phase=planning&path=big.bin';
    const headers = { 'content-type': 'application/octet-stream' };
    const streamed = { method: 'POST', headers, body: endless(), duplex: 'half' } as const;
    expect((await call(path, streamed)).status).toBe(413);
    const announced = await call(path, { method: 'POST', headers, body: new Uint8Array(200 * 1024 * 1024) });
    expect(announced.status).toBe(413);
    expect(await json('/artifacts')).toMatchObject({ total_count: 0 });
  }, 30_000);

  it('refuses more artifacts than a run may have', async () => {
    for (let index = 0; index < 20; index++) await uploaded({ path: `${String(index)}.md` });
    const response = await upload({ path: 'one-more.md' });
    expect(response.status).toBe(413);
    expect((await problem(response))['code']).toBe('too_many_artifacts');
  });

  it('refuses viewers, and finished phases and runs', async () => {
    expect((await upload({ path: 'a.md' }, 'x', 'a.md', VIEWER)).status).toBe(403);
    await setPhase(server.database.dataSource, runId, 'planning', 'completed', 1);
    const finishedPhase = await upload({ path: 'a.md' });
    expect([finishedPhase.status, (await problem(finishedPhase))['code']]).toEqual([409, 'phase_finished']);
    await server.database.dataSource.getRepository(RunEntity).update({ id: runId }, { status: 'cancelled' });
    const finishedRun = await upload({ phase: 'building', path: 'a.md' });
    expect([finishedRun.status, (await problem(finishedRun))['code']]).toEqual([409, 'run_finished']);
  });
});
