import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { ADMIN, startRunDataApp, STRANGER, type RunDataApp } from '../live/run-data-app.js';
import { seedRun } from '../live/seed-run.js';
import { problemOf, RunClient } from './run-client.js';

describe('listing artifacts', () => {
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

  it('answers an empty run with no phases', async () => {
    expect(await run.json('/artifacts')).toEqual({ run_id: runId, artifacts_by_phase: {}, total_count: 0 });
  });

  it('lists the newest version of each path by phase, in the order of the phases', async () => {
    await run.uploaded({ phase: 'building', path: 'a.md' }, 'building');
    await run.uploaded({ path: 'b.md' }, 'one');
    await run.uploaded({ path: 'b.md' }, 'two');
    const list = await run.json('/artifacts');
    expect(Object.keys(list['artifacts_by_phase'] as object)).toEqual(['planning', 'building']);
    expect(list).toMatchObject({
      total_count: 2,
      artifacts_by_phase: {
        planning: [{ path: 'b.md', version: 2, superseded: false }],
        building: [{ path: 'a.md' }],
      },
    });
    expect(await run.json('/artifacts?all_versions=true')).toMatchObject({
      total_count: 3,
      artifacts_by_phase: { planning: [{ version: 1, superseded: true }, { version: 2 }] },
    });
  });

  it('has every field of the contract', async () => {
    const content = '# Plan\n';
    const { artifact_id } = await run.uploaded({ path: 'docs/plan.md', step: 'write' }, content);
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
    expect(await run.json(`/artifacts/${artifact_id}`)).toEqual(expected);
    expect(await run.json('/artifacts')).toEqual({
      run_id: runId,
      artifacts_by_phase: { planning: [expected] },
      total_count: 1,
    });
  });

  it('hides the runs of others, but not from administrators', async () => {
    const { artifact_id } = await run.uploaded({ path: 'a.md' });
    for (const path of [
      '/artifacts',
      `/artifacts/${artifact_id}`,
      `/artifacts/${artifact_id}/content`,
      '/artifacts.zip',
    ]) {
      const response = await run.call(path, {}, STRANGER);
      expect(response.status).toBe(404);
      expect((await problemOf(response))['detail']).toBe(`Run not found: ${runId}`);
      expect((await run.call(path, {}, ADMIN)).status).toBe(200);
    }
    expect((await run.upload({ path: 'b.md' }, 'x', 'b.md', STRANGER)).status).toBe(404);
  });

  it('refuses unknown query fields and wrong values', async () => {
    for (const query of ['?all_versions=maybe', '?limit=3'])
      expect((await run.call(`/artifacts${query}`)).status).toBe(400);
  });

  it('does not find an artifact of another run, or by an id of another form', async () => {
    const { artifact_id } = await run.uploaded({ path: 'a.md' });
    run = new RunClient(server, await seedRun(server.database.dataSource, server.ownerId));
    for (const id of [artifact_id, v7(), 'x', '../../x']) {
      const response = await run.call(`/artifacts/${encodeURIComponent(id)}`);
      expect(response.status).toBe(404);
    }
  });
});
