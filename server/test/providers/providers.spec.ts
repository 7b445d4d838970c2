import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { ProviderDto, ProvidersDto, ProviderTestDto } from '../../src/providers/provider-answers.dto.js';
import { SecretCipher } from '../../src/secrets/secret-cipher.js';
import { startModelServer, type ModelServer, type ScriptedAnswer } from '../support/model-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const READY: ScriptedAnswer = { kind: 'message', text: 'ready', usage: { input: 12, output: 3 } };
const KEY = 'sk-a-key-that-nobody-may-see';
const OLD_KEY = 'the-secret-key-before-that-was-long-enough';

describe('model providers', () => {
  let api: TestApp;
  let models: ModelServer;

  beforeAll(async () => {
    models = await startModelServer();
    api = await startTestApp({
      config: {
        previousSecretKey: OLD_KEY,
        modelProviders: [
          {
            kind: 'openai',
            key: 'from-the-environment',
            baseUrl: models.url,
            defaultModel: 'gpt-5',
            api: null,
          },
        ],
      },
    });
  });

  afterAll(async () => {
    await api.stop();
    await models.stop();
  });

  const create = <T = ProviderDto>(body: object, client = api.admin) => client.post<T>('/providers', body);
  const test = (id: string, body: object = {}, client = api.admin) =>
    client.post<ProviderTestDto>(`/providers/${id}/test`, body);
  const list = async (client = api.admin): Promise<readonly ProviderDto[]> =>
    (await client.get<ProvidersDto>('/providers')).body.providers;
  const shared = (name: string, more: object = {}) =>
    create({ kind: 'anthropic', name, scope: 'everyone', key: KEY, base_url: models.url, ...more });

  it('keep their key to themselves, in the answer and in the database', async () => {
    const { status, body } = await shared('secretive', { default_model: 'claude-sonnet-4-5' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { kind: 'anthropic', name: 'secretive', scope: 'everyone', source: 'stored', has_key: true },
    });
    expect(JSON.stringify([body, await list()])).not.toContain(KEY);
    const rows = await api.database.dataSource.query<object[]>('SELECT * FROM providers');
    expect(JSON.stringify(rows)).not.toContain(KEY);
  });

  it.each([
    ['anthropic', '', 'x-api-key', KEY],
    ['anthropic', '/v1', 'x-api-key', KEY],
    ['openai', '', 'authorization', `Bearer ${KEY}`],
    ['openai_compatible', '/v1/', 'authorization', `Bearer ${KEY}`],
    ['google', '', 'x-goog-api-key', KEY],
    ['google', '/v1beta', 'x-goog-api-key', KEY],
    ['bedrock', '', 'authorization', `Bearer ${KEY}`],
  ] as const)('are called for real: %s, its address given with "%s"', async (kind, suffix, header, value) => {
    models.script(READY);
    const asked = models.requests.length;
    const { body } = await shared(`call-${kind}-${String(suffix.length)}`, {
      ...{ kind, base_url: models.url + suffix, default_model: 'a-model' },
    });
    const answer = await test(body.provider_id);
    expect(answer).toMatchObject({
      status: 200,
      body: { ok: true, model: 'a-model', status: null, input_tokens: 12, output_tokens: 3 },
    });
    const [request, ...more] = models.requests.slice(asked);
    expect(more).toEqual([]);
    expect(request?.headers[header]).toBe(value);
    expect(request?.model).toBe('a-model');
  });

  it.each([
    [{}, 'openai', 'chat'],
    [{ api: 'chat' }, 'openai', 'chat'],
    [{ api: 'responses' }, 'openai_responses', 'responses'],
  ])('of kind openai are called over the API that is asked for: %j', async (asked, protocol, api) => {
    models.script(READY);
    const { body } = await shared(`api-${String(models.requests.length)}`, {
      ...{ kind: 'openai', default_model: 'gpt-5', ...asked },
    });
    expect(body.api).toBe(api);
    expect(await test(body.provider_id)).toMatchObject({ body: { ok: true, input_tokens: 12 } });
    expect(models.requests.at(-1)).toMatchObject({ protocol, model: 'gpt-5' });
    // Nothing of a conversation is kept at the vendor.
    if (api === 'responses') expect(models.requests.at(-1)?.body['store']).toBe(false);
  });

  it('of kind openai are called over the responses API where the server is OpenAI’s own', async () => {
    const official = await create({ kind: 'openai', name: 'official', key: KEY });
    expect(official.body.api).toBe('responses');
    const named = await create({
      ...{ kind: 'openai', name: 'official-named', key: KEY },
      base_url: 'https://api.openai.com/v1',
    });
    expect(named.body.api).toBe('responses');
    const changed = await api.admin.patch<ProviderDto>(`/providers/${named.body.provider_id}`, {
      api: 'chat',
    });
    expect(changed.body.api).toBe('chat');
    const other = await create<ProblemDto>({ kind: 'anthropic', name: 'odd', api: 'chat' });
    expect(other).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('of Amazon Bedrock are called with a signature where their key is one of AWS', async () => {
    models.script(READY, { kind: 'error', status: 403, message: 'No such session: a-session-token' });
    const { body } = await shared('signed', {
      ...{ kind: 'bedrock', key: 'AKIDEXAMPLE:a-secret:a-session-token', region: 'eu-central-1' },
      default_model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    });
    expect(await test(body.provider_id)).toMatchObject({ body: { ok: true, input_tokens: 12 } });
    const request = models.requests.at(-1);
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/bedrock\/aws4_request, /u,
    );
    expect(request?.headers['x-amz-security-token']).toBe('a-session-token');
    expect(request?.model).toBe('anthropic.claude-sonnet-4-5-20250929-v1:0');
    const refused = await test(body.provider_id);
    expect(refused.body).toMatchObject({ ok: false, status: 403 });
    expect(refused.body.message).toContain('No such session: ***');
  });

  it.each([
    [{ kind: 'error', status: 401, message: `bad key ${KEY}` }, 401],
    [{ kind: 'error', status: 429, retryAfterSeconds: 60 }, 429],
    [{ kind: 'error', status: 529 }, 529],
    [{ kind: 'cut', text: 'rea' }, null],
    [{ kind: 'garbage', body: 'data: {no json\n\n' }, null],
    [{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, 307],
  ] as const)('say what happened, once and without the key: %j', async (answer, status) => {
    models.script(answer);
    const asked = models.requests.length;
    const { body } = await shared(`fails-${String(asked)}`, { default_model: 'a-model' });
    const tested = await test(body.provider_id);
    expect(tested).toMatchObject({ status: 200, body: { ok: false, status, output_tokens: null } });
    expect(tested.body.message).not.toBe('');
    expect(tested.body.message).not.toContain(KEY);
    expect(models.requests.length).toBe(asked + 1);
  });

  it('of the environment are shown and tested, and not changed', async () => {
    models.script(READY);
    const given = (await list()).find((provider) => provider.source === 'environment');
    expect(given).toMatchObject({ provider_id: 'environment-openai', has_key: true, scope: 'everyone' });
    expect(await test('environment-openai')).toMatchObject({ body: { ok: true, model: 'gpt-5' } });
    expect(models.requests.at(-1)?.headers.authorization).toBe('Bearer from-the-environment');
    expect((await api.admin.patch('/providers/environment-openai', { priority: 1 })).status).toBe(403);
    expect((await api.admin.delete('/providers/environment-openai')).status).toBe(403);
    expect((await test('environment-openai', {}, api.member)).status).toBe(403);
  });

  it('for everyone are an administrator’s; a member has own ones that nobody else sees', async () => {
    expect((await create({ kind: 'openai', name: 'mine', scope: 'everyone' }, api.member)).status).toBe(403);
    const { status, body } = await create({ kind: 'openai', name: 'mine', key: KEY }, api.member);
    expect({ status, scope: body.scope }).toEqual({ status: 201, scope: 'own' });
    expect((await list(api.member)).map(({ name }) => name)).toContain('mine');
    expect((await list(api.otherMember)).map(({ name }) => name)).not.toContain('mine');
    for (const client of [api.otherMember, api.admin]) {
      expect((await client.patch(`/providers/${body.provider_id}`, { priority: 1 })).status).toBe(404);
      expect((await test(body.provider_id, { model: 'm' }, client)).status).toBe(404);
    }
    expect((await api.viewer.get('/providers')).status).toBe(403);
    expect((await api.member.delete(`/providers/${body.provider_id}`)).status).toBe(204);
  });

  it('of a member do not reach private addresses, those of an administrator for everyone do', async () => {
    models.script(READY);
    const own = await create(
      { kind: 'openai_compatible', name: 'inside', base_url: models.url, default_model: 'm' },
      api.member,
    );
    const asked = models.requests.length;
    const refused = await test(own.body.provider_id, {}, api.member);
    expect(refused.body).toMatchObject({ ok: false, status: null });
    expect(refused.body.message).toContain('only public');
    expect(models.requests.length).toBe(asked);
  });

  it('want the key again with a new address, so that it cannot be sent elsewhere', async () => {
    const { body } = await shared('moved', { default_model: 'm' });
    const moved = await api.admin.patch<ProblemDto>(`/providers/${body.provider_id}`, {
      base_url: 'https://elsewhere.example.org',
    });
    expect(moved).toMatchObject({ status: 400, body: { errors: [{ pointer: '/key' }] } });
    const both = await api.admin.patch<ProviderDto>(`/providers/${body.provider_id}`, {
      ...{ base_url: 'https://elsewhere.example.org', key: 'another', priority: 4 },
    });
    expect(both.body).toMatchObject({
      ...{ base_url: 'https://elsewhere.example.org', priority: 4, default_model: 'm', has_key: true },
    });
  });

  it('have their keys sealed anew together with the secrets', async () => {
    models.script(READY);
    const { provider_id: id } = (await shared('sealed-before', { default_model: 'm' })).body;
    const before = new SecretCipher({ secretKey: OLD_KEY, previousSecretKey: null } as never);
    await api.database.dataSource.query('UPDATE providers SET sealed_key = $2 WHERE id = $1', [
      id,
      before.seal('sealed-long-ago', `provider:${id}`),
    ]);
    expect((await api.admin.post('/secrets/rotate')).body).toEqual({ resealed: 1, unreadable: 0 });
    expect((await api.admin.post('/secrets/rotate')).body).toEqual({ resealed: 0, unreadable: 0 });
    expect((await test(id)).body.ok).toBe(true);
    expect(models.requests.at(-1)?.headers['x-api-key']).toBe('sealed-long-ago');
  });

  it('refuse what does not fit', async () => {
    const bad = await create<ProblemDto>({
      ...{ kind: 'nonsense', name: 'No Name', base_url: 'ftp://x', default_model: 'a b' },
      ...{ agent_models: { architect: 3 }, priority: 5000 },
    });
    expect(bad.status).toBe(400);
    expect(bad.body.errors?.map(({ pointer }) => pointer).sort()).toEqual(
      ['/agent_models', '/base_url', '/default_model', '/kind', '/name', '/priority'].sort(),
    );
    expect(await create({ kind: 'openai_compatible', name: 'nowhere' })).toMatchObject({ status: 400 });
    await shared('twice');
    expect(await shared('twice')).toMatchObject({ status: 409, body: { code: 'provider_exists' } });
    expect((await test('0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10')).status).toBe(404);
  });
});
