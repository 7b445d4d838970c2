import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { fromBuffer } from 'yauzl';
import type { ArtifactListDto } from '../../src/artifacts/dto/artifact.dto.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { artifactsOf, createRun, next, publish } from './run-steps.js';

const FILES: Record<string, string> = {
  'PRD.md': 'The product\n',
  'requirements.md': 'The requirements\n',
  'schema.json': '{}\n',
  'src/main.py': 'print()\n',
  'latest_contest.xyz': 'no test\n',
  '🚀 שלום.md': 'names\n',
};

/** The names in an archive. */
const namesIn = (archive: Buffer): Promise<string[]> =>
  new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: false }, (error, zip) => {
      if (error !== null) {
        reject(error);
        return;
      }
      const names: string[] = [];
      zip.on('entry', (entry: { fileName: string }) => names.push(entry.fileName));
      zip.on('end', () => {
        resolve(names);
      });
      zip.on('error', reject);
    });
  });

describe('GET /runs/{run_id}/artifacts', () => {
  let api: TestApp;
  let id: string;

  beforeAll(async () => {
    api = await startTestApp();
    const write = Object.entries(FILES)
      .map(([path, text]) => `printf '${text.replace('\n', '\\n')}' > '${path}'`)
      .join('; ');
    await publish(api.admin, 'making', [
      {
        name: 'plan',
        steps: [
          {
            id: 'write',
            agent: 'architect',
            command: `mkdir -p "$ORCHESTRATOR_ARTIFACTS/src"; cd "$ORCHESTRATOR_ARTIFACTS"; ${write}`,
            artifacts: [{ path: 'PRD.md', type: 'prd', description: 'What and why' }],
          },
        ],
      },
      { name: 'quiet', steps: [{ id: 'do', command: 'true' }] },
      { name: 'build', steps: [{ id: 'do', command: 'echo x > "$ORCHESTRATOR_ARTIFACTS/out.txt"' }] },
    ]);
    id = await createRun(api.member, 'making', { project_name: 'My "project" 🚀' });
    for (let phase = 0; phase < 3; phase += 1) await next(api.member, id);
  });

  afterAll(() => api.stop());

  const list = async (query = ''): Promise<ArtifactListDto> =>
    (await api.member.get<ArtifactListDto>(`/runs/${id}/artifacts${query}`)).body;

  it('is empty, with no phases, before anything was made', async () => {
    const fresh = await createRun(api.member, 'making');
    const { body } = await api.member.get(`/runs/${fresh}/artifacts`);
    expect(body).toEqual({ run_id: fresh, artifacts_by_phase: {}, total_count: 0 });
  });

  it('lists them by phase in the order of the phases, without the phases that have none', async () => {
    const body = await list();
    expect(body).toMatchObject({ run_id: id, total_count: Object.keys(FILES).length + 1 });
    expect(Object.keys(body.artifacts_by_phase)).toEqual(['plan', 'build']);
    expect(body.artifacts_by_phase['plan']?.map((artifact) => artifact.path).sort()).toEqual(
      Object.keys(FILES).sort(),
    );
  });

  it('tells everything about each, with a path that is relative to the run', async () => {
    const [prd] = (await list()).artifacts_by_phase['plan']?.filter(({ path }) => path === 'PRD.md') ?? [];
    expect(prd).toEqual({
      artifact_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      phase: 'plan',
      path: 'PRD.md',
      name: 'PRD.md',
      description: 'What and why',
      artifact_type: 'prd',
      size_bytes: 12,
      created_at: expect.stringMatching(/Z$/),
      sha256: createHash('sha256').update('The product\n').digest('hex'),
      media_type: expect.stringContaining('markdown'),
      attempt: 1,
      version: 1,
      step_id: 'write',
      agent_id: 'architect',
      superseded: false,
    });
    expect(JSON.stringify(await list())).not.toContain(api.folder);
  });

  it('tells the type as declared, else by whole words of the name and the extension', async () => {
    const types = Object.fromEntries(
      ((await list()).artifacts_by_phase['plan'] ?? []).map(({ path, artifact_type: type }) => [path, type]),
    );
    expect(types).toMatchObject({
      'PRD.md': 'prd',
      'requirements.md': 'requirements',
      'schema.json': 'data',
      'src/main.py': 'code',
      'latest_contest.xyz': 'other',
      '🚀 שלום.md': 'documentation',
    });
  });

  it('gives the content with its digest as ETag, and 304 to who has it', async () => {
    const prd = (await artifactsOf(api.member, id, 'plan')).find(({ path }) => path === 'PRD.md');
    const path = `/runs/${id}/artifacts/${prd?.artifact_id ?? ''}/content`;
    const answer = await api.member.raw(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe(`"${prd?.sha256 ?? ''}"`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe('The product\n');
    const known = await api.member.raw(path, { headers: { 'If-None-Match': `"${prd?.sha256 ?? ''}"` } });
    expect(known.status).toBe(304);
    const part = await api.member.raw(path, { headers: { Range: 'bytes=4-10' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 4-10/12',
      'product',
    ]);
  });

  it('gives all in one archive under the names of their phases', async () => {
    const answer = await api.member.raw(`/runs/${id}/artifacts.zip`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/zip');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename=/);
    const names = await namesIn(Buffer.from(await answer.arrayBuffer()));
    expect(names.sort()).toEqual(
      [...Object.keys(FILES).map((path) => `plan/${path}`), 'build/out.txt'].sort(),
    );
  });

  it('is not found for artifacts that are not there, and refuses unknown query values', async () => {
    for (const wrong of ['nonsense', '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10']) {
      const { status, body } = await api.member.get<ProblemDto>(`/runs/${id}/artifacts/${wrong}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'not_found' });
    }
    expect((await api.member.get(`/runs/${id}/artifacts?all_versions=perhaps`)).status).toBe(400);
    expect((await api.member.get(`/runs/${id}/artifacts?colour=red`)).status).toBe(400);
  });

  it('takes uploads of no bytes, refuses 200 MB and every path that leaves the run', async () => {
    const run = await createRun(api.member, 'making');
    const upload = (path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
      api.member.raw(`/runs/${run}/artifacts?phase=plan&path=${encodeURIComponent(path)}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body,
      });
    const empty = await upload('empty.md', '');
    expect([empty.status, (await empty.json()) as object]).toEqual([
      201,
      expect.objectContaining({ size_bytes: 0, path: 'empty.md' }),
    ]);
    const large = await upload('large.bin', new Uint8Array(200 * 1024 * 1024));
    expect([large.status, (await large.json()) as object]).toEqual([
      413,
      expect.objectContaining({ status: 413, detail: expect.stringContaining('104857600') }),
    ]);
    for (const path of ['../../x', '/etc/passwd', 'a/../../x', 'C:\\x', 'a\nb', 'a\0b', 'nul', '']) {
      const answer = await upload(path, 'x');
      expect({ path, status: answer.status }).toEqual({ path, status: 400 });
    }
    const kept = await artifactsOf(api.member, run, 'plan');
    expect(kept.map((artifact) => artifact.path)).toEqual(['empty.md']);
  });
});
