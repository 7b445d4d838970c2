import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LogPageDto } from '../../src/logs/dto/log.dto.js';
import { SecretCipher } from '../../src/secrets/secret-cipher.js';
import type { SecretDto, SecretsDto } from '../../src/secrets/secrets.dto.js';
import { artifactsOf, commands, createRun, detail, next, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const VALUE = 'hunter2-of-the-registry';
const OLD_KEY = 'the-key-that-was-in-use-before-the-present-one';

describe('stored secrets', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp({ config: { previousSecretKey: OLD_KEY } });
    const leaky = [
      'echo "token is $NPM_TOKEN"',
      `printf '{"summary":"used %s"}\\n' "$NPM_TOKEN" >> "$ORCHESTRATOR_OUTPUT"`,
      'printf "key: %s\n" "$NPM_TOKEN" > "$ORCHESTRATOR_ARTIFACTS/note.txt"',
      'printf "# A link\n[x](./%s)\n" "$NPM_TOKEN" > z.md',
      `printf '{"artifact":{"path":"z.md","description":"by %s"}}\n' "$NPM_TOKEN" >> "$ORCHESTRATOR_OUTPUT"`,
      `printf '{"usage":{"provider":"p %s","model":"m %s","input_tokens":1,"output_tokens":1}}\n' "$NPM_TOKEN" "$NPM_TOKEN" >> "$ORCHESTRATOR_OUTPUT"`,
    ].join('\n');
    await publish(api.admin, 'leaky', [
      {
        name: 'use',
        steps: [{ id: 'do', command: leaky, secrets: ['NPM_TOKEN'] }],
        gates: [{ id: 'linked', links: 'all', severity: 'warn' }],
      },
    ]);
    await publish(api.admin, 'scoped', [
      {
        name: 'use',
        steps: [
          { id: 'do', command: 'printf %s "$SCOPED" > "$ORCHESTRATOR_ARTIFACTS/v.bin"', secrets: ['SCOPED'] },
        ],
      },
    ]);
    await publish(api.admin, 'gated', [
      {
        name: 'first',
        steps: [{ id: 'do', command: 'true' }],
        gates: [{ id: 'never', artifact: 'nothing.md' }],
      },
      { name: 'second', steps: [{ id: 'use', command: 'true', secrets: ['GUARDED'] }] },
    ]);
    await publish(api.admin, 'plain', commands({ use: 'env > "$ORCHESTRATOR_ARTIFACTS/env.txt"' }));
  });
  afterAll(() => api.stop());

  const store = (name: string, value: string, scope: object = {}) =>
    api.admin.post<SecretDto>('/secrets', { name, value, ...scope });
  const content = async (runId: string, query = ''): Promise<string> => {
    const [artifact] = await artifactsOf(api.member, runId, 'use');
    const answer = await api.member.raw(
      `/runs/${runId}/artifacts/${String(artifact?.artifact_id)}/content${query}`,
    );
    return answer.text();
  };
  const lastUse = async (name: string): Promise<string | null | undefined> => {
    const { body } = await api.admin.get<SecretsDto>('/secrets');
    return body.secrets.find((secret) => secret.name === name)?.last_used_at;
  };

  it('are given to steps that name them, and masked in logs, summaries, events, verdicts, findings, usage and previews', async () => {
    const missing = await createRun(api.member, 'leaky');
    expect(await next(api.member, missing)).toMatchObject({
      status: 409,
      body: { failure: { code: 'secret_missing', message: expect.stringContaining('NPM_TOKEN') } },
    });
    expect(await store('NPM_TOKEN', VALUE)).toMatchObject({ status: 201, body: { name: 'NPM_TOKEN' } });
    expect((await next(api.member, missing)).status).toBe(200);
    const run = await detail(api.member, missing);
    expect(run.phases[0]?.steps[0]?.summary).toBe('used ***');
    expect(run.phases[0]?.gates[0]?.message).toContain('leads to ./***');
    const { body: log } = await api.member.get<LogPageDto>(`/runs/${missing}/logs`);
    expect(log.lines.map(({ text }) => text)).toContain('token is ***');
    expect(await content(missing, '?disposition=inline')).toBe('key: ***\n');
    expect(await content(missing)).toBe(`key: ${VALUE}\n`);
    const everything = await Promise.all(
      ['', 'events', 'logs', 'metrics', 'phases/use/attempts', 'artifacts'].map((path) =>
        api.member.raw(`/runs/${missing}/${path}`).then((answer) => answer.text()),
      ),
    );
    expect(everything.join('\n')).not.toContain(VALUE);
    expect(await lastUse('NPM_TOKEN')).not.toBeNull();
  });

  it('are never shown again, nor readable in the database', async () => {
    const made = await store('SHOWN_ONCE', VALUE);
    const listed = await api.admin.raw('/secrets');
    const replaced = await api.admin.raw(`/secrets/${made.body.secret_id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ value: `${VALUE}-2` }),
    });
    expect(replaced.status).toBe(200);
    expect(JSON.stringify(made.body) + (await listed.text()) + (await replaced.text())).not.toContain(VALUE);
    const rows = await api.database.dataSource.query<object[]>('SELECT * FROM secrets');
    expect(JSON.stringify(rows)).not.toContain(VALUE);
  });

  it('hold for the narrowest scope that fits the run', async () => {
    await store('SCOPED', 'for everything');
    await store('SCOPED', 'for the profile', { profile: 'scoped' });
    await store('SCOPED', 'for the project', { profile: 'scoped', project: 'payments' });
    await store('SCOPED', 'for another profile', { profile: 'leaky' });
    expect((await store('SCOPED', 'again', { profile: 'scoped' })).body).toMatchObject({
      code: 'secret_exists',
    });
    const valueIn = async (project: string): Promise<string> => {
      const id = await createRun(api.member, 'scoped', { project_name: project });
      await next(api.member, id);
      return content(id);
    };
    expect(await valueIn('other')).toBe('for the profile');
    expect(await valueIn('payments')).toBe('for the project');
  });

  it('stay where they are until the gates before the phase that names them have passed', async () => {
    await store('GUARDED', 'not before the gate');
    const id = await createRun(api.member, 'gated', { auto_advance: true });
    await runUntil(api.member, id, ({ status }) => status === 'failed');
    expect(await lastUse('GUARDED')).toBeNull();
    await next(api.admin, id, { skip_validation: true, reason: 'A test.' });
    await runUntil(api.admin, id, ({ status }) => status === 'completed');
    expect(await lastUse('GUARDED')).not.toBeNull();
  });

  it('and the environment of the server never reach a step that does not name them', async () => {
    process.env['SERVERS_OWN'] = 'server-only-value';
    const id = await createRun(api.member, 'plain');
    await next(api.member, id);
    const environment = await content(id);
    expect(environment).not.toMatch(/server-only-value|NPM_TOKEN|SECRET_KEY|postgres:/u);
    delete process.env['SERVERS_OWN'];
  });

  it('are sealed anew under another key, and open under neither a wrong key nor for another secret', async () => {
    const { body } = await store('ROTATED', VALUE);
    const context = `secret:${body.secret_id}`;
    const before = new SecretCipher({ secretKey: OLD_KEY, previousSecretKey: null } as never);
    await api.database.dataSource.query('UPDATE secrets SET sealed = $2 WHERE id = $1', [
      body.secret_id,
      before.seal(VALUE, context),
    ]);
    expect((await api.admin.post('/secrets/rotate')).body).toEqual({ resealed: 1, unreadable: 0 });
    expect((await api.admin.post('/secrets/rotate')).body).toEqual({ resealed: 0, unreadable: 0 });
    const [row] = await api.database.dataSource.query<{ sealed: string }[]>(
      'SELECT sealed FROM secrets WHERE id = $1',
      [body.secret_id],
    );
    const sealed = String(row?.sealed);
    const cipher = api.app.get(SecretCipher, { strict: false });
    expect(cipher.open(sealed, context)).toBe(VALUE);
    expect(() => cipher.open(sealed, 'secret:another')).toThrow('cannot be read');
    expect(() => cipher.open(`${sealed.slice(0, -2)}AA`, context)).toThrow('cannot be read');
    expect(() => before.open(sealed, context)).toThrow('cannot be read');
  });

  it('are the administrators’ alone', async () => {
    for (const client of [api.member, api.viewer]) {
      expect((await client.get('/secrets')).status).toBe(403);
      expect((await client.post('/secrets', { name: 'X', value: 'y' })).status).toBe(403);
      expect((await client.post('/secrets/rotate')).status).toBe(403);
    }
    expect((await api.admin.delete('/secrets/nothing')).status).toBe(404);
  });

  it.each([
    [{ name: 'lower', value: 'x' }],
    [{ name: 'A', value: '' }],
    [{ name: 'A' }],
    [{ name: 'A', value: 'x', scope: 'all' }],
  ])('are refused as %j', async (body) => {
    expect((await api.admin.post('/secrets', body)).status).toBe(400);
  });
});
