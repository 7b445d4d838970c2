import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RunEntity } from '../../src/runs/run.entity.js';
import { RunPhaseEntity } from '../../src/runs/run-phase.entity.js';
import { OWNER, startRunDataApp, type RunDataApp } from '../live/run-data-app.js';
import { seedRun, setPhase } from '../live/seed-run.js';
import { RunClient, type Summary } from './run-client.js';

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

  it('answers 201 with a location that leads to the artifact', async () => {
    const response = await run.upload({ path: 'a.md' }, 'words');
    expect(response.status).toBe(201);
    const location = response.headers.get('location') ?? '';
    expect(location).toBe(`/runs/${runId}/artifacts/${((await response.json()) as Summary).artifact_id}`);
    const found = await fetch(server.url + location, { headers: server.as(OWNER) });
    expect(await found.json()).toMatchObject({ path: 'a.md', size_bytes: 5 });
  });

  it('takes the file’s name where no path is given, and a plain body with its fields in the query', async () => {
    expect(await run.uploaded({}, 'x', 'notes/📊 דוח.md')).toMatchObject({ path: 'notes/📊 דוח.md' });
    const raw = await run.call('/artifacts?phase=planning&path=raw.bin&type=data', {
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
    const response = await run.call('/artifacts', { method: 'POST', body });
    expect(await response.json()).toMatchObject({ phase: 'building', path: 'a.md' });
  });

  it('accepts an empty file', async () => {
    const { artifact_id } = await run.uploaded({ path: 'empty.md' }, '');
    const content = await run.call(`/artifacts/${artifact_id}/content`);
    expect([content.status, content.headers.get('content-length'), await content.text()]).toEqual([
      200,
      '0',
      '',
    ]);
  });

  it('makes no new version of the same content in the same attempt, but one in the next', async () => {
    const first = await run.uploaded({ path: 'a.md' }, 'same');
    const again = await run.upload({ path: 'a.md' }, 'same');
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(first);
    await setPhase(server.database.dataSource, runId, 'planning', 'in_progress', 2);
    expect(await run.uploaded({ path: 'a.md' }, 'same')).toMatchObject({ version: 2, attempt: 2 });
    expect(await run.uploaded({ path: 'a.md' }, 'other')).toMatchObject({ version: 3, attempt: 2 });
    expect(await run.uploaded({ path: 'a.md' }, 'same')).toMatchObject({ version: 4, attempt: 2 });
  });

  it('counts versions without gaps when many upload at once, and keeps the counts of run and phase', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => run.uploaded({ path: 'a.md' }, `content ${String(index)}`)),
    );
    expect(results.map((result) => result.version).sort((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    await run.uploaded({ path: 'b.md', phase: 'building' });
    const { dataSource } = server.database;
    const row = await dataSource.getRepository(RunEntity).findOneByOrFail({ id: runId });
    const phase = await dataSource
      .getRepository(RunPhaseEntity)
      .findOneByOrFail({ runId, phase: 'planning' });
    expect([row.artifactsCount, phase.artifactsCount]).toEqual([2, 1]);
    const list = await run.json('/artifacts?all_versions=true');
    const versions = (list['artifacts_by_phase'] as Record<string, Summary[]>)['planning'] ?? [];
    expect(versions.filter((version) => !version.superseded).map((version) => version.version)).toEqual([10]);
  });

  it('leaves an entry with the uploader’s name in the history', async () => {
    const { artifact_id, sha256 } = await run.uploaded({ path: 'a.md' });
    const history = await run.json('/events');
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
});
