import { beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AgentCliExecutor } from '../../src/execution/executors/agent-cli/agent-cli.js';
import type { StepOutcome } from '../../src/execution/executors/executor.js';
import type { AgentTool, ExecutorDefinition } from '../../src/workflow/domain/profile.js';
import { hostPath } from '../execution/repositories.js';
import { commandExecutor, stepOf, storeIn, type TestStep } from '../execution/step-context.js';

type AgentCliDefinition = Extract<ExecutorDefinition, { kind: 'agent_cli' }>;

/** As Claude Code 2.1 prints it with `--output-format stream-json --verbose` (code.claude.com, "Headless mode"). */
const CLAUDE = [
  '{"type":"system","subtype":"init","session_id":"7c1e4a52-0b7e-4a5e-9a1b-3a8f4d1c2b60","tools":["Edit","Write"],"model":"claude-sonnet-4-5","permissionMode":"acceptEdits"}',
  '{"type":"assistant","message":{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"text","text":"I write the file."}],"usage":{"input_tokens":4,"output_tokens":2}},"session_id":"7c1e4a52-0b7e-4a5e-9a1b-3a8f4d1c2b60"}',
  '{"type":"result","subtype":"success","is_error":false,"duration_ms":5120,"duration_api_ms":4410,"num_turns":3,"result":"PRD.md is written.","session_id":"7c1e4a52-0b7e-4a5e-9a1b-3a8f4d1c2b60","total_cost_usd":0.0123,"usage":{"input_tokens":12,"cache_creation_input_tokens":1500,"cache_read_input_tokens":3000,"output_tokens":240},"modelUsage":{"claude-sonnet-4-5-20250929":{"inputTokens":12,"outputTokens":240,"cacheReadInputTokens":3000,"cacheCreationInputTokens":1500,"costUSD":0.0123}}}',
];

/** As Codex CLI 0.139 prints it with `exec --json` (openai/codex, exec_events.rs). */
const CODEX = [
  '{"type":"thread.started","thread_id":"0199a213-81c0-7800-8aa1-bbab2a035a53"}',
  '{"type":"turn.started"}',
  '{"type":"item.completed","item":{"id":"item_0","type":"command_execution","command":"ls","aggregated_output":"","exit_code":0,"status":"completed"}}',
  '{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"PRD.md is written."}}',
  '{"type":"turn.completed","usage":{"input_tokens":24763,"cached_input_tokens":24448,"output_tokens":122}}',
];

/** As Gemini CLI 0.9 prints it with `--output-format json` (geminicli.com, "Headless mode reference"). */
const GEMINI = [
  'Loaded cached credentials.',
  JSON.stringify(
    {
      response: 'PRD.md is written.',
      stats: {
        models: {
          'gemini-2.5-pro': {
            api: { totalRequests: 2, totalErrors: 0, totalLatencyMs: 5053 },
            tokens: { prompt: 24_939, candidates: 20, total: 25_113, cached: 21_263, thoughts: 154, tool: 0 },
          },
        },
        tools: { totalCalls: 1, totalSuccess: 1, totalFail: 0, totalDurationMs: 1881 },
      },
    },
    null,
    2,
  ),
];

describe('coding agents', () => {
  let base: string;
  let bin: string;

  beforeAll(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'orchestrator-agent-cli-')));
    bin = join(base, 'bin');
    await mkdir(bin);
  });

  /** A program that keeps what it was given, writes a file and prints a recorded output. */
  async function fake(name: string, printed: readonly string[], exitCode = 0): Promise<void> {
    const recorded = join(base, `${name}.out`);
    await writeFile(recorded, `${printed.join('\n')}\n`);
    const script = `#!/bin/sh
printf '%s\\n' "$@" > ${base}/${name}.args
cat > ${base}/${name}.prompt
echo '# The plan' > PRD.md
cat ${recorded}
exit ${String(exitCode)}
`;
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
  }

  function stepFor(tool: AgentTool, more: Partial<AgentCliDefinition> = {}): TestStep {
    const definition: AgentCliDefinition = {
      ...{ kind: 'agent_cli', tool, role: 'You plan.', task: 'Write PRD.md.', model: null, command: [] },
      ...more,
    };
    const artifacts = [{ path: 'PRD.md', type: 'prd' as const, required: true, description: 'The plan' }];
    return stepOf(base, definition, { artifacts }, { intake: 'A bridge over the canal.' });
  }

  const run = ({ context }: TestStep): Promise<StepOutcome> => {
    const environment = { PATH: `${bin}${delimiter}${hostPath}` };
    return new AgentCliExecutor(commandExecutor(base, { environment }), storeIn(base)).execute(context);
  };
  const given = (name: string, what: 'args' | 'prompt'): Promise<string> =>
    readFile(join(base, `${name}.${what}`), 'utf8');

  it.each([
    {
      tool: 'claude-code' as const,
      program: 'claude',
      printed: CLAUDE,
      args: ['-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits'],
      session: '7c1e4a52-0b7e-4a5e-9a1b-3a8f4d1c2b60',
      usage: {
        ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', inputTokens: 12, outputTokens: 240 },
        ...{ cacheReadTokens: 3000, cacheWriteTokens: 1500, reportedCostUsd: '0.0123' },
      },
    },
    {
      tool: 'codex' as const,
      program: 'codex',
      printed: CODEX,
      args: ['exec', '--json', '--sandbox', 'workspace-write', '-'],
      session: '0199a213-81c0-7800-8aa1-bbab2a035a53',
      usage: {
        ...{ provider: 'openai', model: 'unknown', inputTokens: 315, outputTokens: 122 },
        ...{ cacheReadTokens: 24_448, cacheWriteTokens: 0, reportedCostUsd: null },
      },
    },
    {
      tool: 'gemini' as const,
      program: 'gemini',
      printed: GEMINI,
      args: ['--output-format', 'json', '--approval-mode', 'auto_edit', '-p', 'Do what the text above says.'],
      session: null,
      usage: {
        ...{ provider: 'google', model: 'gemini-2.5-pro', inputTokens: 3676, outputTokens: 174 },
        ...{ cacheReadTokens: 21_263, cacheWriteTokens: 0, reportedCostUsd: null },
      },
    },
  ])('$tool is run headless with the prompt, and its result is read', async (expected) => {
    await fake(expected.program, expected.printed);
    const step = stepFor(expected.tool);
    const outcome = await run(step);
    expect(outcome).toMatchObject({
      kind: 'succeeded',
      report: { summary: 'PRD.md is written.', usage: [expected.usage], artifacts: [{ path: 'PRD.md' }] },
    });
    expect((await given(expected.program, 'args')).trimEnd().split('\n')).toEqual(expected.args);
    const prompt = await given(expected.program, 'prompt');
    expect(prompt).toMatch(/<<<DATA \w+ intake\nA bridge over the canal\.\nDATA \w+>>>/u);
    expect(prompt).toContain('Write PRD.md.');
    expect(prompt).toContain('- PRD.md: The plan (required)');
    if (expected.session !== null) expect(step.log.text('system')).toContain(expected.session);
  });

  it('take a model and further arguments; what they used is booked under that model', async () => {
    await fake('codex', CODEX);
    const outcome = await run(stepFor('codex', { model: 'gpt-5', command: ['--skip-git-repo-check'] }));
    expect(outcome).toMatchObject({ report: { usage: [{ model: 'gpt-5', outputTokens: 122 }] } });
    const args = await given('codex', 'args');
    expect(args).toContain('--model\ngpt-5\n--skip-git-repo-check\n-\n');
  });

  it.each([
    [
      'claude-code',
      'claude',
      '{"type":"result","subtype":"error_max_turns","is_error":true,"num_turns":9,"session_id":"s","total_cost_usd":0.2,"usage":{"input_tokens":1,"output_tokens":2}}',
      'error_max_turns',
    ],
    [
      'claude-code',
      'claude',
      '{"type":"result","subtype":"success","is_error":true,"result":"Credit balance is too low","session_id":"s"}',
      'Credit balance',
    ],
    [
      'codex',
      'codex',
      '{"type":"thread.started","thread_id":"t"}\n{"type":"turn.failed","error":{"message":"stream disconnected"}}',
      'stream disconnected',
    ],
    [
      'gemini',
      'gemini',
      '{"error":{"type":"ApiError","message":"API key not valid","code":400}}',
      'API key not valid',
    ],
  ] as const)(
    '%s fails where it says that it did not do it, whatever its exit code',
    async (tool, name, out, why) => {
      await fake(name, [out]);
      expect(await run(stepFor(tool))).toMatchObject({
        kind: 'failed',
        failure: { code: 'agent_failed', message: expect.stringContaining(why), retryable: false },
      });
    },
  );

  it('fail with their exit code, and where they are not installed', async () => {
    await fake('claude', CLAUDE, 3);
    expect(await run(stepFor('claude-code'))).toMatchObject({
      failure: { code: 'exit_code', exitCode: 3 },
      report: { usage: [{ outputTokens: 240 }] },
    });
    const missing = await run(stepFor('custom', { command: ['no-such-agent'] }));
    expect(missing).toMatchObject({ failure: { code: 'exit_code', exitCode: 127 } });
  });

  it('of any other make are given the prompt on standard input and in a file', async () => {
    const command = ['sh', '-c', 'cat > PRD.md; cmp PRD.md "$ORCHESTRATOR_PROMPT"'];
    const step = stepFor('custom', { command });
    expect(await run(step)).toMatchObject({ kind: 'succeeded', report: { usage: [] } });
    expect(await readFile(join(step.context.workspace, 'PRD.md'), 'utf8')).toContain('Write PRD.md.');
  });
});
