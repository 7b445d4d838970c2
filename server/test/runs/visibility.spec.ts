import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { artifactsOf, createRun, detail, next, publish } from './run-steps.js';

describe("somebody else's run", () => {
  let api: TestApp;
  let id: string;
  let artifact: string;

  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'secretive', [
      {
        name: 'plan',
        optional: true,
        steps: [{ id: 'do', command: 'echo secret > "$ORCHESTRATOR_ARTIFACTS/a.md"' }],
      },
      { name: 'build', optional: true, steps: [{ id: 'do', command: 'true' }] },
    ]);
    id = await createRun(api.member, 'secretive');
    await next(api.member, id);
    artifact = (await artifactsOf(api.member, id, 'plan'))[0]?.artifact_id ?? '';
  });

  afterAll(() => api.stop());

  const reads = (): string[] => [
    '',
    '/metrics',
    '/artifacts',
    '/artifacts?all_versions=true',
    `/artifacts/${artifact}`,
    `/artifacts/${artifact}/content`,
    '/artifacts.zip',
    '/events',
    '/logs',
    '/phases/plan/attempts',
  ];
  const WRITES: [string, object | undefined][] = [
    ['/next', undefined],
    ['/next', { skip_validation: true }],
    ['/pause', undefined],
    ['/resume', undefined],
    ['/cancel', {}],
    ['/rollback', { phase: 'plan' }],
    ['/phases/build/skip', {}],
    ['/phases/build/approve', {}],
    ['/phases/build/reject', { comment: 'no' }],
    ['/phases/build/steps/do/complete', {}],
  ];
  const upload = (client: ApiClient): Promise<Response> =>
    client.raw(`/runs/${id}/artifacts?phase=build&path=x.md`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: 'x',
    });

  it('is not found by another member or a viewer on any route that reads', async () => {
    for (const client of [api.otherMember, api.viewer]) {
      for (const path of reads()) {
        const { status, body } = await client.get<ProblemDto>(`/runs/${id}${path}`);
        expect({ path, status, detail: body.detail }).toEqual({
          path,
          status: 404,
          detail: `Run not found: ${id}`,
        });
      }
    }
  });

  it('is not found by another member on any route that changes it, and nothing changes', async () => {
    const before = await detail(api.member, id);
    for (const [path, body] of WRITES) {
      const answer = await api.otherMember.post<ProblemDto>(`/runs/${id}${path}`, body);
      expect({ path, status: answer.status, detail: answer.body.detail }).toEqual({
        path,
        status: 404,
        detail: `Run not found: ${id}`,
      });
    }
    expect((await upload(api.otherMember)).status).toBe(404);
    expect(await detail(api.member, id)).toEqual(before);
  });

  it('may not be changed by a viewer', async () => {
    for (const [path, body] of WRITES) {
      expect([403, 404]).toContain((await api.viewer.post(`/runs/${id}${path}`, body)).status);
    }
    expect([403, 404]).toContain((await upload(api.viewer)).status);
  });

  it('asks everybody without credentials for authentication', async () => {
    for (const path of reads()) {
      const { status, body } = await api.nobody.get<ProblemDto>(`/runs/${id}${path}`);
      expect({ path, status }).toEqual({ path, status: 401 });
      expect(body.detail.toLowerCase()).toContain('authentication');
    }
    expect((await api.nobody.post(`/runs/${id}/next`)).status).toBe(401);
  });

  it('is open to an administrator', async () => {
    for (const path of reads()) {
      expect({ path, status: (await api.admin.raw(`/runs/${id}${path}`)).status }).toEqual({
        path,
        status: 200,
      });
    }
    expect((await next(api.admin, id)).status).toBe(200);
  });

  it('does not lend its artifacts to another run', async () => {
    const mine = await createRun(api.otherMember, 'secretive');
    for (const path of ['', '/content']) {
      const { status } = await api.otherMember.get(`/runs/${mine}/artifacts/${artifact}${path}`);
      expect(status).toBe(404);
    }
  });

  it('is not there for ids of another form on any route', async () => {
    for (const wrong of ['nonsense', '00000000-0000-4000-8000-000000000000', '%00']) {
      for (const path of reads()) {
        const { status } = await api.admin.get(`/runs/${wrong}${path}`);
        expect({ wrong, path, status }).toEqual({ wrong, path, status: 404 });
      }
      for (const [path, body] of WRITES) {
        expect((await api.admin.post(`/runs/${wrong}${path}`, body)).status).toBe(404);
      }
    }
  });
});
