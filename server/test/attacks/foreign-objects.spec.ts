import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BulkResultsDto } from '../../src/runs/dto/bulk.dto.js';
import { kindOf, type Bundle } from '../fuzz/bundles.js';
import { startObjects, type Objects } from '../fuzz/objects.js';
import { readRoutes, type Route } from '../permissions/routes.js';
import { createRun } from '../runs/run-steps.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** What everybody who is signed in may see, and what is opened by a secret in the address. */
const EVERYBODYS = ['profile', 'template', 'schedule', 'price', 'share', 'callback', 'device'];
/** Names within an object, which are no ids of objects. */
const NAMES = ['phase', 'step'];

const USAGE = { provider: 'openai', model: 'gpt-5', input_tokens: 1, output_tokens: 1 };

const valueIn = (values: Readonly<Record<string, unknown>>, name: string): string => {
  const value = values[name];
  return typeof value === 'string' ? value : 'x';
};

/** What goes with a path where there is no body of JSON: the lease of a worker, the place of an upload. */
function queryFor(path: string, upload: boolean, values: Readonly<Record<string, unknown>>): string {
  const lease = path.startsWith('/worker/') ? { lease_token: String(values['lease_token']) } : {};
  const place = path.endsWith('/artifacts') && upload ? { path: 'a.md' } : {};
  const phase = path.startsWith('/runs/') && upload ? { phase: 'work' } : {};
  return `?${String(new URLSearchParams({ ...lease, ...place, ...phase }))}`;
}

describe('the id of an object of somebody else', () => {
  let api: TestApp;
  let objects: Objects;
  let routes: Route[];
  const made = new Map<string, Bundle>();
  beforeAll(async () => {
    api = await startTestApp({
      limits: { leaseMs: 1_800_000 },
      config: { allowPrivateAddresses: true },
    });
    objects = await startObjects(api);
    routes = (await readRoutes()).filter(({ path }) => path.includes('{'));
  });
  afterAll(async () => {
    objects.stop();
    await api.stop();
  });

  async function objectOf(kind: string): Promise<Bundle> {
    const bundle = made.get(kind) ?? (await objects.makers[kind]?.());
    if (bundle === undefined) throw new Error(`Nothing makes a ${kind}`);
    made.set(kind, bundle);
    return bundle;
  }

  async function call(
    client: ApiClient,
    { method, path, contentType, body }: Route,
    values: Readonly<Record<string, unknown>>,
  ): Promise<{ status: number; code: unknown; detail: unknown }> {
    const json = contentType?.includes('json') === true;
    const filled = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => valueIn(values, name));
    const known = Object.entries({ ...values, usage: [USAGE] }).filter(([name]) => name in Object(body));
    const type = contentType === null || json ? contentType : 'application/octet-stream';
    const answer = await client.raw(filled + (json ? '' : queryFor(path, type !== null, values)), {
      method,
      headers: { Prefer: 'respond-async', ...(type !== null && { 'Content-Type': type }) },
      ...(contentType !== null && {
        body: json ? JSON.stringify({ ...Object(body), ...Object.fromEntries(known) }) : 'x',
      }),
    });
    const problem = (await answer.json().catch(() => ({}))) as { code?: unknown; detail?: unknown };
    return { status: answer.status, code: problem.code, detail: problem.detail };
  }

  /** The same objects with ids that nothing has. */
  const nobodys = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' && /^[0-9a-f-]{36}$/u.test(value) ? randomUUID() : value,
      ]),
    );

  it('opens no route: the answer is the one of an id that nothing has', async () => {
    const told: string[] = [];
    let tried = 0;
    for (const route of routes) {
      const kind = kindOf(route.path);
      if (kind === null || EVERYBODYS.includes(kind)) continue;
      const { values } = await objectOf(kind);
      const seen = await call(api.otherMember, route, values);
      const unknown = await call(api.otherMember, route, nobodys(values));
      tried += 1;
      const refused = [403, 404, 409].includes(seen.status) && seen.status === unknown.status;
      if (!refused || seen.code !== unknown.code)
        told.push(`${route.id}: ${JSON.stringify([seen, unknown])}`);
    }
    expect(tried).toBeGreaterThan(60);
    expect(told).toEqual([]);
  });

  it('opens no part of a run under the id of another run, which one may see', async () => {
    const told: string[] = [];
    const own = await createRun(api.otherMember, 'sample');
    for (const route of routes.filter(({ path }) => path.startsWith('/runs/{run_id}/'))) {
      const parts = [...route.path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => String(name)).slice(1);
      if (parts.filter((name) => !NAMES.includes(name)).length === 0) continue;
      const { values } = await objectOf(kindOf(route.path) ?? '');
      const seen = await call(api.otherMember, route, { ...values, run_id: own });
      if (seen.status !== 404) told.push(`${route.id}: ${JSON.stringify(seen)}`);
    }
    expect(told).toEqual([]);
  });

  it('opens nothing in a body or a query', async () => {
    const { values } = await objectOf('finished');
    const run = String(values['run_id']);
    const own = await createRun(api.otherMember, 'sample');
    const bulk = await api.otherMember.post<BulkResultsDto>('/runs/bulk', {
      action: 'archive',
      run_ids: [run, own],
    });
    expect(bulk.body.results.find(({ run_id }) => run_id === run)).toMatchObject({ ok: false });
    expect((await api.otherMember.get(`/runs/compare?a=${own}&b=${run}`)).status).toBe(404);
    const comment = await objectOf('comment');
    const answered = await api.otherMember.post(`/runs/${own}/comments`, {
      body: 'An answer.',
      parent_id: comment.values['comment_id'],
    });
    expect([400, 404]).toContain(answered.status);
    const onArtifact = await api.otherMember.post(`/runs/${own}/comments`, {
      body: 'About this.',
      artifact_id: values['artifact_id'],
    });
    expect([400, 404]).toContain(onArtifact.status);
    const { status } = await api.admin.get(`/runs/${run}`);
    expect(status).toBe(200);
  });
});
