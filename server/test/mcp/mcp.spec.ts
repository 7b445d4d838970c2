import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { join } from 'node:path';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { createRun, detail, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

interface Claim {
  readonly lease: { readonly token: string };
  readonly step: {
    readonly id: string;
    readonly run_id: string;
    readonly task: string;
    readonly step: string;
  };
  readonly intake: string;
  readonly artifacts: readonly { readonly artifact_id: string; readonly path: string }[];
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const PLAN = '# Scope\n\nWhat is to be built.\n\n# Risks\n\nNone that we know of.\n';
const CLI = join(import.meta.dirname, '../../../dist/server/cli/main.js');

describe('the Model Context Protocol', () => {
  let api: TestApp;
  const clients: Client[] = [];

  beforeAll(async () => {
    api = await startTestApp({ limits: { ...QUICK, leaseMs: 4000 } });
    await publish(api.admin, 'agentic', [
      {
        name: 'planning',
        steps: [
          {
            id: 'plan',
            agent: 'architect',
            llm: { role: 'You plan.', task: 'Write the plan.' },
            artifacts: [{ path: 'PRD.md', type: 'prd', required: true }],
          },
        ],
        gates: [{ id: 'complete', artifact: 'PRD.md', min_size: 20, sections: ['Scope', 'Risks'] }],
      },
      { name: 'check', steps: [{ id: 'signoff', approval: { role: 'member', self_approval: true } }] },
    ]);
  });

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await api.stop();
  });

  const keyOf = async (user: ApiClient, scopes?: readonly string[]): Promise<string> => {
    const { body } = await user.post<{ key: string }>('/api-keys', {
      name: 'mcp',
      ...(scopes ? { scopes } : {}),
    });
    return body.key;
  };

  const connect = async (user: ApiClient, scopes?: readonly string[]): Promise<Client> => {
    const headers = { Authorization: `Bearer ${await keyOf(user, scopes)}` };
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${api.url}/mcp`), { requestInit: { headers } }),
    );
    clients.push(client);
    return client;
  };

  const call = async <T>(client: Client, name: string, given: object = {}): Promise<T> => {
    const result = await client.callTool({ name, arguments: { ...given } });
    const [content] = result.content as { text: string }[];
    const value = JSON.parse(content?.text ?? 'null') as T;
    if (result.isError === true) throw new Refused(value as Refusal);
    return value;
  };
  class Refused extends Error {
    constructor(readonly refusal: Refusal) {
      super(refusal.detail);
    }
  }
  const refusal = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'not refused',
      (error: unknown) => {
        if (error instanceof Refused) return error.refusal.code;
        throw error;
      },
    );

  const claim = async (client: Client, runId: string): Promise<Claim> => {
    const claimed = await call<Claim>(client, 'claim_step', { name: 'tester', wait_seconds: 10 });
    expect(claimed.step.run_id).toBe(runId);
    return claimed;
  };
  const held = ({ step, lease }: Claim) => ({ step_id: step.id, lease_token: lease.token });

  it('lets a client claim, deliver and complete a phase, and a second one with a stale lease is refused', async () => {
    const client = await connect(api.member);
    const second = await connect(api.member);
    const { run_id: id } = await call<{ run_id: string }>(client, 'create_run', {
      profile: 'agentic',
      intake: 'A forecast of umbrellas.',
      auto_advance: true,
    });
    const stale = await claim(second, id);
    // It sends no heartbeat: its lease runs out, and the step is offered again.
    await eventually(
      async () => phaseOf(await detail(api.member, id), 'planning').steps[0]?.status,
      (status) => status === 'waiting',
    );
    const current = await claim(client, id);
    expect(current).toMatchObject({
      step: { step: 'plan', task: 'Write the plan.' },
      intake: 'A forecast of umbrellas.',
    });

    await call(client, 'heartbeat_step', held(current));
    await call(client, 'append_log', { ...held(current), lines: ['Reading the intake …'] });
    expect(await refusal(call(client, 'complete_step', held(current)))).toBe('deliverables_missing');
    await call(client, 'put_artifact', { ...held(current), path: 'PRD.md', content: PLAN });
    const usage = [
      { provider: 'anthropic', model: 'claude-sonnet-4-5', input_tokens: 2000, output_tokens: 1000 },
    ];
    await call(client, 'report_usage', { ...held(current), usage });

    for (const [tool, given] of [
      ['heartbeat_step', {}],
      ['append_log', { lines: ['late'] }],
      ['put_artifact', { path: 'PRD.md', content: 'late' }],
      ['report_usage', { usage }],
      ['complete_step', {}],
      ['fail_step', { message: 'late' }],
    ] as const) {
      expect([tool, await refusal(call(second, tool, { ...held(stale), ...given }))]).toEqual([
        tool,
        'lease_lost',
      ]);
    }
    await call(client, 'complete_step', { ...held(current), summary: 'Planned.' });

    const run = await runUntil(api.member, id, ({ waiting_on: waiting }) => waiting?.kind === 'approval');
    expect(phaseOf(run, 'planning')).toMatchObject({ status: 'completed', artifacts_count: 1 });
    await call(client, 'approve_phase', { run_id: id, phase: 'check', comment: 'Good.' });
    await runUntil(api.member, id, ({ status }) => status === 'completed');
    const metrics = await call<RunMetricsDto>(client, 'get_run_metrics', { run_id: id });
    expect(metrics).toMatchObject({
      total_token_usage: { input: 2000, output: 1000 },
      total_cost_usd: 0.021,
    });
    expect(
      (await api.member.get<{ lines: { text: string }[] }>(`/runs/${id}/logs?phase=planning&step=plan`)).body
        .lines,
    ).toMatchObject([{ text: 'Reading the intake …' }]);
  });

  it('keeps what a step used also where the step fails', async () => {
    const client = await connect(api.member);
    const id = await createRun(api.member, 'agentic', { auto_advance: true });
    const claimed = await claim(client, id);
    const usage = [{ provider: 'nobody', model: 'unknown', input_tokens: 5, output_tokens: 7 }];
    await call(client, 'report_usage', { ...held(claimed), usage });
    await call(client, 'fail_step', { ...held(claimed), message: 'I cannot.' });
    const run = await runUntil(api.member, id, ({ status }) => status === 'failed');
    expect(run.failure).toMatchObject({ code: 'agent_failed', message: 'I cannot.' });
    const metrics = await call<RunMetricsDto>(client, 'get_run_metrics', { run_id: id });
    expect(metrics.total_token_usage).toEqual({ input: 5, output: 7 });
  });

  it('reads runs and artifacts as resources', async () => {
    const client = await connect(api.member);
    const id = await createRun(api.member, 'agentic', { auto_advance: true });
    const claimed = await claim(client, id);
    const { artifact_id: artifact } = await call<{ artifact_id: string }>(client, 'put_artifact', {
      ...held(claimed),
      path: 'PRD.md',
      content: PLAN,
    });
    const bytes = Buffer.from([0xff, 0xfe, 0, 1]);
    const { artifact_id: binary } = await call<{ artifact_id: string }>(client, 'put_artifact', {
      ...held(claimed),
      path: 'plan.bin',
      content: bytes.toString('base64'),
      encoding: 'base64',
    });
    const read = async (uri: string) => (await client.readResource({ uri })).contents[0];
    expect(await read(`orchestrator://runs/${id}/artifacts/${artifact}`)).toMatchObject({ text: PLAN });
    expect(await read(`orchestrator://runs/${id}/artifacts/${binary}`)).toMatchObject({
      blob: bytes.toString('base64'),
    });
    expect(JSON.parse(((await read(`orchestrator://runs/${id}`)) as { text: string }).text)).toMatchObject({
      run_id: id,
    });
    const stranger = await connect(api.otherMember);
    await expect(stranger.readResource({ uri: `orchestrator://runs/${id}` })).rejects.toThrow(
      'Run not found',
    );
    await call(client, 'fail_step', { ...held(claimed), message: 'Done with it.' });
  });

  it('has the permissions and scopes of the caller, as REST has', async () => {
    const id = await createRun(api.member, 'agentic');
    const stranger = await connect(api.otherMember);
    expect(await refusal(call(stranger, 'get_run', { run_id: id }))).toBe('not_found');
    expect(await refusal(call(stranger, 'advance_run', { run_id: id }))).toBe('not_found');
    const viewer = await connect(api.viewer);
    expect(await refusal(call(viewer, 'create_run', { profile: 'agentic' }))).toBe('forbidden');
    expect(await refusal(call(viewer, 'claim_step', { name: 'viewer', wait_seconds: 0 }))).toBe('forbidden');
    const narrow = await connect(api.member, ['runs:read']);
    expect(await call(narrow, 'get_run', { run_id: id })).toMatchObject({ run_id: id });
    expect(await refusal(call(narrow, 'advance_run', { run_id: id }))).toBe('forbidden');
  });

  it('refuses whoever brings no token or key, and says that there are no sessions', async () => {
    const { status } = await api.nobody.post('/mcp', {});
    expect(status).toBe(401);
    const { status: listening, headers } = await api.member.get('/mcp');
    expect([listening, headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('tells a model what is wrong with its arguments', async () => {
    const client = await connect(api.member);
    expect(await refusal(call(client, 'create_run', { profile: 'nope' }))).toBe('unknown_profile');
    const result = await client.callTool({ name: 'get_run', arguments: {} });
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result.content)).toContain('run_id');
  });

  it('is served on standard input and output by `orchestrator mcp`', async () => {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [CLI, 'mcp'],
        env: {
          PATH: process.env['PATH'] ?? '',
          ORCHESTRATOR_SERVER: api.url,
          ORCHESTRATOR_API_KEY: await keyOf(api.member),
        },
      }),
    );
    clients.push(client);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['list_runs', 'claim_step', 'complete_step']),
    );
    expect(await call(client, 'list_profiles')).toMatchObject({ profiles: expect.any(Array) });
  });
});
