import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RunEntity } from '../../src/runs/run.entity.js';
import { startRunDataApp, VIEWER, type RunDataApp } from '../live/run-data-app.js';
import { seedRun, setPhase } from '../live/seed-run.js';
import { form, problemOf, RunClient } from './run-client.js';

describe('uploading', () => {
  let server: RunDataApp;
  let runId: string;
  let run: RunClient;

  beforeAll(async () => {
    server = await startRunDataApp({ artifactBytes: 1024 * 1024, artifactsPerRun: 20 });
  }, 60_000);
  afterAll(() => server.close());
  beforeEach(async () => {
    runId = await seedRun(server.database.dataSource, server.ownerId);
    run = new RunClient(server, runId);
  });

  it.each(['../../x', '/etc/passwd', 'a\\..\\..\\x', 'two\nlines.md', 'C:\\x', 'nul', ''])(
    'refuses the path %j with a pointer',
    async (path) => {
      const response = await run.upload({ path });
      expect(response.status).toBe(400);
      expect((await problemOf(response))['errors']).toEqual([expect.objectContaining({ pointer: '/path' })]);
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
    const response = await run.upload(fields);
    expect(response.status).toBe(400);
    expect((await problemOf(response))['errors']).toEqual([expect.objectContaining({ pointer })]);
    expect(await run.json('/artifacts')).toMatchObject({ total_count: 0 });
  });

  it('refuses a form without a file, with two, or that is none, and bodies of another kind', async () => {
    const empty = new FormData();
    empty.set('phase', 'planning');
    const two = new FormData();
    two.set('phase', 'planning');
    two.append('file', new Blob(['a']), 'a.md');
    two.append('file', new Blob(['b']), 'b.md');
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    expect((await run.call('/artifacts', { method: 'POST', body: empty })).status).toBe(400);
    expect((await run.call('/artifacts', { method: 'POST', body: two })).status).toBe(400);
    expect(
      (await run.call('/artifacts', { method: 'POST', headers: broken, body: '--x\r\nnonsense' })).status,
    ).toBe(400);
    const noBoundary = { 'content-type': 'multipart/form-data' };
    expect((await run.call('/artifacts', { method: 'POST', headers: noBoundary, body: 'x' })).status).toBe(
      400,
    );
    const text = { 'content-type': 'text/plain' };
    expect((await run.call('/artifacts', { method: 'POST', headers: text, body: 'x' })).status).toBe(415);
  });

  it('refuses what is larger than the limit and names it', async () => {
    const large = new Uint8Array(1024 * 1024 + 1);
    const response = await run.call('/artifacts', form({ phase: 'planning', path: 'a.bin' }, large));
    expect(response.status).toBe(413);
    const answer = await problemOf(response);
    expect(answer['code']).toBe('artifact_too_large');
    expect(answer['detail']).toContain(String(1024 * 1024));
    const exact = await run.call('/artifacts', form({ phase: 'planning', path: 'a.bin' }, large.subarray(1)));
    expect(exact.status).toBe(201);
  });

  it('refuses 200 MB whether their size is announced or not, and goes on serving', async () => {
    const bytes = 200 * 1024 * 1024;
    expect(await run.stream('/artifacts?phase=planning&path=big.bin', bytes, 'unannounced')).toBe(413);
    expect(await run.stream('/artifacts?phase=planning&path=big.bin', bytes, 'announced')).toBe(413);
    expect(await run.json('/artifacts')).toMatchObject({ total_count: 0 });
  }, 30_000);

  it('refuses more artifacts than a run may have', async () => {
    for (let index = 0; index < 20; index++) await run.uploaded({ path: `${String(index)}.md` });
    const response = await run.upload({ path: 'one-more.md' });
    expect(response.status).toBe(413);
    expect((await problemOf(response))['code']).toBe('too_many_artifacts');
  });

  it('refuses viewers, and finished phases and runs', async () => {
    expect((await run.upload({ path: 'a.md' }, 'x', 'a.md', VIEWER)).status).toBe(403);
    await setPhase(server.database.dataSource, runId, 'planning', 'completed', 1);
    const finishedPhase = await run.upload({ path: 'a.md' });
    expect([finishedPhase.status, (await problemOf(finishedPhase))['code']]).toEqual([409, 'phase_finished']);
    await server.database.dataSource.getRepository(RunEntity).update({ id: runId }, { status: 'cancelled' });
    const finishedRun = await run.upload({ phase: 'building', path: 'a.md' });
    expect([finishedRun.status, (await problemOf(finishedRun))['code']]).toEqual([409, 'run_finished']);
  });
});
