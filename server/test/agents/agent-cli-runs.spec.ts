import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { isAlive } from '../../src/persistence/live-process.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { AgentTool } from '../../src/workflow/domain/profile.js';
import { hostPath } from '../execution/repositories.js';
import { artifactsOf, contentOf, createRun, phaseOf, publish, runUntil } from '../runs/run-steps.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';

const CLAUDE =
  '{"type":"result","subtype":"success","is_error":false,"num_turns":3,"result":"PRD.md is written.","session_id":"7c1e","total_cost_usd":0.0123,"usage":{"input_tokens":12,"cache_creation_input_tokens":1500,"cache_read_input_tokens":3000,"output_tokens":240},"modelUsage":{"claude-sonnet-4-5-20250929":{"inputTokens":12,"outputTokens":240,"cacheReadInputTokens":3000,"cacheCreationInputTokens":1500,"costUSD":0.0123}}}';
const CODEX = [
  '{"type":"thread.started","thread_id":"0199a213"}',
  '{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"PRD.md is written."}}',
  '{"type":"turn.completed","usage":{"input_tokens":24763,"cached_input_tokens":24448,"output_tokens":122}}',
].join('\n');
const GEMINI = JSON.stringify(
  {
    response: 'PRD.md is written.',
    stats: {
      models: {
        'gemini-2.5-pro': {
          tokens: { prompt: 24_939, candidates: 20, cached: 21_263, thoughts: 154, tool: 0 },
        },
      },
    },
  },
  null,
  2,
);
const WRITES = "echo '# The plan' > PRD.md; echo noted > notes.txt";

describe('runs whose steps are done by coding agents', () => {
  let api: TestApp;
  let base: string;
  let number = 0;

  beforeAll(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-agent-cli-runs-')));
    await mkdir(join(base, 'bin'));
    const PATH = `${join(base, 'bin')}${delimiter}${hostPath}`;
    api = await startTestApp({ config: { hostEnvironment: { PATH } } });
  });

  afterEach(() => assertHealthy(api.database.dataSource));

  afterAll(() => api.stop());

  /** Puts a program where a tool is looked for: it reads its prompt, does something and prints a result. */
  async function install(name: string, does: string, prints = ''): Promise<void> {
    await writeFile(join(base, `${name}.out`), `${prints}\n`);
    const file = join(base, 'bin', name);
    await writeFile(file, `#!/bin/sh\ncat > ${base}/${name}.prompt\n${does}\ncat ${base}/${name}.out\n`);
    await chmod(file, 0o755);
  }

  /** A run of an agent's phase, and of one that needs what the agent left in the repository. */
  async function start(tool: AgentTool, more: object = {}, model: string | null = null): Promise<string> {
    number += 1;
    const agent = { tool, role: 'You plan.', task: 'Write PRD.md.', ...(model === null ? {} : { model }) };
    const step = {
      ...{ id: 'plan', agent: 'planner', agent_cli: agent, retry: { attempts: 1 } },
      artifacts: [{ path: 'PRD.md', required: true }],
      ...more,
    };
    const after = 'test -z "$(git status --porcelain)" && cp notes.txt "$ORCHESTRATOR_ARTIFACTS/seen.txt"';
    const name = await publish(api.admin, `agent_cli_${String(number)}`, [
      { name: 'planning', steps: [step] },
      { name: 'after', steps: [{ id: 'read', agent: 'reader', command: after, retry: { attempts: 1 } }] },
    ]);
    return createRun(api.member, name, { intake: 'A bridge over the canal.', auto_advance: true });
  }

  const ended = (id: string) => runUntil(api.member, id, ({ status }) => status !== 'running');
  const metricsOf = async (id: string): Promise<RunMetricsDto> =>
    (await api.member.get<RunMetricsDto>(`/runs/${id}/metrics`)).body;

  it.each([
    // (12 × 3 + 240 × 15 + 3000 × 0.30 + 1500 × 3.75) ÷ 1,000,000
    ['claude-code', 'claude', CLAUDE, null, 0.010161, { input: 12, output: 240 }],
    // (315 × 1.25 + 122 × 10 + 24448 × 0.125) ÷ 1,000,000
    ['codex', 'codex', CODEX, 'gpt-5', 0.00466975, { input: 315, output: 122 }],
    // (3676 × 1.25 + 174 × 10 + 21263 × 0.125) ÷ 1,000,000
    ['gemini', 'gemini', GEMINI, null, 0.008992875, { input: 3676, output: 174 }],
  ] as const)(
    '%s completes it: changes are committed, usage is in the ledger',
    async (tool, name, out, model, cost, tokens) => {
      await install(name, WRITES, out);
      const id = await start(tool, {}, model);
      const run = await ended(id);
      expect(run).toMatchObject({ status: 'completed', failure: null });
      expect(phaseOf(run, 'planning').steps[0]).toMatchObject({ summary: 'PRD.md is written.' });
      expect(await readFile(join(base, `${name}.prompt`), 'utf8')).toContain('A bridge over the canal.');
      const [seen] = await artifactsOf(api.member, id, 'after');
      expect(await contentOf(api.member, id, seen?.artifact_id ?? '')).toBe('noted\n');
      expect(await metricsOf(id)).toMatchObject({
        ...{ total_cost_usd: cost, total_token_usage: tokens, unpriced_calls: 0 },
      });
    },
  );

  it('that use a model nobody has a price for are unpriced', async () => {
    await install('codex', WRITES, CODEX);
    const id = await start('codex');
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    expect(await metricsOf(id)).toMatchObject({ total_cost_usd: 0, unpriced_calls: 1 });
  });

  it.each([
    ['no usage at all', '{"type":"result","subtype":"success","result":"Done.","session_id":"s"}'],
    ['garbage', '{"type":"result","usage":\u0000 ∞ {{{'],
    ['nothing', ''],
  ])('that tell %s complete, and no figure is invented', async (_what, out) => {
    await install('claude', WRITES, out);
    const id = await start('claude-code');
    expect(await ended(id)).toMatchObject({ status: 'completed' });
    const [phase] = (await metricsOf(id)).phases_metrics;
    expect(phase?.usage_by_model).toEqual([]);
  });

  it('fail with the exit code of their tool, and what it used is booked', async () => {
    await install('claude', `${WRITES}; cat ${base}/claude.out; exit 3`, CLAUDE);
    const id = await start('claude-code');
    expect(await ended(id)).toMatchObject({ status: 'failed', failure: { code: 'exit_code' } });
    expect(await metricsOf(id)).toMatchObject({ total_cost_usd: 0.010161 });
  });

  it('fail where the deliverable is missing, whatever the tool says', async () => {
    await install('claude', 'true', CLAUDE);
    expect(await ended(await start('claude-code'))).toMatchObject({ failure: { code: 'missing_artifact' } });
  });

  /** A tool that works on with a child of its own until it is let go, and the ids of both. */
  async function installLong(): Promise<() => Promise<number[]>> {
    const [pids, gate] = [join(base, 'pids'), join(base, 'gate')];
    await writeFile(pids, '');
    await install(
      'claude',
      `sleep 600 & echo $! >> ${pids}; echo $$ >> ${pids}
while [ ! -e ${gate} ]; do sleep 0.05; done; kill $!; ${WRITES}`,
      CLAUDE,
    );
    return () =>
      eventually(
        async () => (await readFile(pids, 'utf8')).split('\n').filter(Boolean).map(Number),
        (found) => found.length === 2,
      );
  }
  const allEnded = (pids: readonly number[]) =>
    eventually(
      () => Promise.all(pids.map(isAlive)),
      (alive) => !alive.includes(true),
    );

  it('end with all their processes when the run is cancelled', async () => {
    const started = await installLong();
    const id = await start('claude-code');
    const pids = await started();
    expect((await api.member.post(`/runs/${id}/cancel`)).status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    await allEnded(pids);
  });

  it('end with all their processes at the time limit of the step', async () => {
    const started = await installLong();
    const id = await start('claude-code', { timeout: '3s' });
    const pids = await started();
    expect(await ended(id)).toMatchObject({ status: 'failed', failure: { code: 'timeout' } });
    await allEnded(pids);
  });

  it('finish while the run is paused; what comes after waits until it is resumed', async () => {
    const started = await installLong();
    const id = await start('claude-code');
    await started();
    expect((await api.member.post(`/runs/${id}/pause`)).status).toBe(200);
    await writeFile(join(base, 'gate'), '');
    const paused = await runUntil(
      api.member,
      id,
      (run) => phaseOf(run, 'planning').steps[0]?.status === 'succeeded',
    );
    expect(paused.status).toBe('paused');
    expect(phaseOf(paused, 'after').status).toBe('pending');
    await api.member.post(`/runs/${id}/resume`);
    expect(await ended(id)).toMatchObject({ status: 'completed' });
  });
});
