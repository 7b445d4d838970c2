import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRun, publish } from '../runs/run-steps.js';
import { ApiClient, signIn } from '../support/api-client.js';
import { emailOf, PASSWORD, startTestApp, type TestApp } from '../support/test-app.js';
import { expected, KINDS, permissionsDocument, type Access, type KindName } from './expectation.js';
import { CHANGES_BY_SHARED_VIEWERS, CHANGES_BY_VIEWERS, FOR_ADMINISTRATORS } from './policy.js';
import { readRoutes, type Route } from './routes.js';

const UNKNOWN_ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c1f';
const SHARED = { 'shared viewer': 'viewer', 'shared editor': 'editor' } as const;
/** A narrowed key makes no wider one. */
const BODIES: Readonly<Record<string, object>> = {
  createApiKey: { name: 'matrix', scopes: ['api_keys:own'] },
};
/** What ends the callers' own credentials, or is about them. */
const OF_ONESELF = ['logout', 'endOidcLogin', 'refresh', 'changePassword'];

describe('the permissions', () => {
  let api: TestApp;
  let callers: Readonly<Record<KindName, ApiClient>>;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'release_check', [{ name: 'qa', steps: [{ id: 'plan', command: 'true' }] }]);
    callers = {
      anonymous: api.nobody,
      'revoked key': await keyOf({ revoked: true }),
      'expired key': await keyOf({ expired: true }),
      'wrong scope': await keyOf({ scopes: ['api_keys:own'] }),
      viewer: api.viewer,
      'other member': api.otherMember,
      'shared viewer': await member('shared-viewer'),
      'shared editor': await member('shared-editor'),
      owner: api.member,
      admin: api.admin,
    };
  });
  afterAll(() => api.stop());

  async function member(name: string): Promise<ApiClient> {
    await api.admin.post('/users', { email: emailOf(name), name, role: 'member', password: PASSWORD });
    return signIn(api.url, emailOf(name), PASSWORD);
  }

  async function keyOf(how: { revoked?: true; expired?: true; scopes?: string[] }): Promise<ApiClient> {
    const { body } = await api.member.post<{ api_key_id: string; key: string }>('/api-keys', {
      name: 'matrix',
      scopes: how.scopes ?? null,
    });
    if (how.revoked) await api.member.delete(`/api-keys/${body.api_key_id}`);
    if (how.expired) {
      await api.database.dataSource.query(
        `UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`,
        [body.api_key_id],
      );
    }
    return new ApiClient(api.url, { 'X-API-Key': body.key });
  }

  /** A run of the owner's, shared with those who are to have a share. */
  async function sharedRun(): Promise<string> {
    const id = await createRun(api.member, 'release_check');
    for (const [kind, role] of Object.entries(SHARED)) {
      const email = emailOf(kind.replace(' ', '-'));
      expect((await api.member.putJson(`/runs/${id}/shares`, { email, role })).status).toBe(200);
    }
    return id;
  }

  async function call(route: Route, client: ApiClient, runId: string): Promise<Access> {
    const path = route.path
      .replace('{run_id}', runId)
      .replaceAll('{phase}', 'qa')
      .replaceAll(/\{\w+\}/gu, UNKNOWN_ID);
    const form =
      route.contentType === 'multipart/form-data' || route.contentType === 'application/octet-stream';
    const headers: Record<string, string> = { Prefer: 'respond-async' };
    if (route.contentType !== null)
      headers['Content-Type'] = form ? 'application/octet-stream' : route.contentType;
    const gone = new AbortController();
    const answer = await client.raw(path + (form ? '?phase=qa&path=a.md' : ''), {
      method: route.method,
      headers,
      signal: gone.signal,
      ...(route.body !== undefined && { body: form ? 'x' : JSON.stringify(BODIES[route.id] ?? route.body) }),
    });
    const problem = answer.ok ? {} : await answer.json().catch(() => ({}));
    gone.abort();
    return accessOf(problem as { code?: string; detail?: string }, runId);
  }

  const accessOf = ({ code, detail }: { code?: string; detail?: string }, runId: string): Access => {
    if (code === 'authentication_required') return '401';
    if (code === 'forbidden') return '403';
    return code === 'not_found' && detail === `Run not found: ${runId}` ? '404' : 'yes';
  };

  it('are the ones of the tables on every route for every caller', async () => {
    const routes = (await readRoutes()).filter(({ id }) => !OF_ONESELF.includes(id));
    expect(routes.length).toBeGreaterThan(70);
    const deviations: string[] = [];
    for (const route of routes) {
      const runId = await sharedRun();
      for (const kind of KINDS) {
        const seen = await call(route, callers[kind.name], runId);
        const wanted = expected(route, kind);
        if (seen !== wanted) deviations.push(`${route.id} as ${kind.name}: ${seen} instead of ${wanted}`);
      }
    }
    expect(deviations).toEqual([]);
  }, 120_000);

  it('are said of every route: its permission, and of every route about a run what it wants of it', async () => {
    const routes = await readRoutes();
    const open = routes.filter(({ requirement }) => requirement === null).map(({ id }) => id);
    expect(open.sort()).toEqual(OPEN);
    const undeclared = routes.filter(({ path, use }) => path.includes('{run_id}') !== (use !== null));
    expect(undeclared.map(({ id }) => id)).toEqual([]);
  });

  it('are what was meant: the server is for administrators, a viewer changes nothing but what is theirs, and nobody finds the run of another', async () => {
    const routes = (await readRoutes()).filter(({ requirement }) => requirement !== null);
    const answers = (name: KindName, wanted: readonly Access[]) => {
      const kind = KINDS.find((each) => each.name === name);
      return (route: Route): boolean => kind !== undefined && wanted.includes(expected(route, kind));
    };
    const ids = (found: readonly Route[]): string[] => found.map(({ id }) => id).sort();
    const closed = routes.filter(answers('owner', ['403'])).filter(answers('admin', ['yes']));
    expect(ids(closed)).toEqual(FOR_ADMINISTRATORS);
    const changes = routes.filter(({ method }) => method !== 'GET').filter(answers('viewer', ['yes', '404']));
    expect(ids(changes)).toEqual(CHANGES_BY_VIEWERS);
    const ofRuns = routes.filter(({ path }) => path.includes('{run_id}'));
    expect(ids(ofRuns.filter(answers('other member', ['yes'])))).toEqual([]);
    expect(
      ids(ofRuns.filter(answers('shared viewer', ['yes'])).filter(({ method }) => method !== 'GET')),
    ).toEqual(CHANGES_BY_SHARED_VIEWERS);
    for (const nobody of ['anonymous', 'revoked key', 'expired key'] as const)
      expect(ids(routes.filter(answers(nobody, ['yes', '403', '404'])))).toEqual([]);
  });

  it('stand in docs/permissions.md as they are; npm run permissions writes it', async () => {
    const file = join(import.meta.dirname, '../../../docs/permissions.md');
    if (process.env['PERMISSIONS'] === 'write')
      await writeFile(file, permissionsDocument(await readRoutes()));
    const cells = (text: string): string => text.replaceAll(/[ -]+/gu, ' ');
    expect(cells(await readFile(file, 'utf8'))).toBe(cells(permissionsDocument(await readRoutes())));
  });
});

/** Ways in, health, and what is signed by itself. */
const OPEN: readonly string[] = [
  'endOidcLogin',
  'finishOidcLogin',
  'getAuthStatus',
  'getLiveness',
  'getOidcProvider',
  'getProfileSchema',
  'getReadiness',
  'login',
  'loginTotp',
  'logout',
  'receiveBackchannelLogout',
  'receiveCallback',
  'redeemDeviceLogin',
  'refresh',
  'resetPassword',
  'setUp',
  'startDeviceLogin',
  'startOidcLogin',
];
