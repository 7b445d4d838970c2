import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, detail, next, publish } from './run-steps.js';

const SONNET = 'claude-sonnet-4-5';

/** A command that reports lines as a step does. */
const report = (...lines: object[]): string =>
  lines.map((line) => `echo '${JSON.stringify(line)}' >> "$ORCHESTRATOR_OUTPUT"`).join('\n');
const usage = (model: string, input: number, output: number): object => ({
  usage: { provider: 'anthropic', model, input_tokens: input, output_tokens: output },
});

describe('GET /runs/{run_id}/metrics', () => {
  let api: TestApp;
  let gate: string;

  beforeAll(async () => {
    api = await startTestApp();
    gate = join(api.folder, 'gate');
    await publish(api.admin, 'plain', commands({ plan: 'true', build: 'true' }));
    await publish(api.admin, 'priced', [
      {
        name: 'plan',
        steps: [
          {
            id: 'think',
            agent: 'architect',
            command: `${report(usage(SONNET, 2000, 1000), usage(SONNET, 1, 1), { metric: { name: 'x.y', value: 0.81 } })}
              echo text > "$ORCHESTRATOR_ARTIFACTS/a.md"; : > "$ORCHESTRATOR_ARTIFACTS/empty.md"`,
          },
          { id: 'guess', agent: 'data', command: report(usage('homemade-1', 500, 50)) },
        ],
        gates: [
          { id: 'there', artifact: 'a.md' },
          { id: 'measured', metric: 'x.y', min: 0.9, severity: 'warn', weight: 2 },
        ],
      },
      {
        name: 'build',
        steps: [
          {
            id: 'try',
            agent: 'developer',
            retry: { attempts: 1 },
            command: `${report(usage(SONNET, 333_333, 7))}\ntest -e ${gate}`,
          },
        ],
      },
      ...commands({ rest: 'true' }),
    ]);
  });

  afterAll(() => api.stop());

  const metricsOf = async (id: string): Promise<RunMetricsDto> =>
    (await api.member.get<RunMetricsDto>(`/runs/${id}/metrics`)).body;

  it('is zero, and says that nothing was measured, before anything was executed', async () => {
    const id = await createRun(api.member, 'plain');
    expect(await metricsOf(id)).toEqual({
      run_id: id,
      total_duration_seconds: 0,
      total_token_usage: { input: 0, output: 0 },
      total_cost_usd: 0,
      unpriced_calls: 0,
      phases_metrics: [],
      governance_score: 1,
      governance_measured: false,
      hygiene_score: 1,
      hygiene_measured: false,
      artifacts_total: 0,
      errors_count: 0,
    });
  });

  it('lists the phases that have started, and measures neither score without gates and products', async () => {
    const id = await createRun(api.member, 'plain');
    await next(api.member, id);
    const metrics = await metricsOf(id);
    expect(metrics).toMatchObject({ governance_measured: false, hygiene_measured: false });
    expect(metrics.phases_metrics).toEqual([
      {
        phase: 'plan',
        duration_seconds: expect.any(Number),
        token_usage: { input: 0, output: 0 },
        cost_usd: 0,
        agents_executed: ['worker'],
        artifacts_generated: 0,
        governance_passed: null,
        governance_warnings: [],
        gates: [],
        attempts: 1,
        usage_by_model: [],
        usage_by_agent: [],
        measurements: [],
        hygiene: [],
      },
    ]);
  });

  it('sums and prices what the steps reported to the last digit, all attempts included', async () => {
    await rm(gate, { force: true });
    const id = await createRun(api.member, 'priced');
    await next(api.member, id);
    expect(await next(api.member, id)).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    await writeFile(gate, '');
    expect(await next(api.member, id)).toMatchObject({ status: 200 });
    const metrics = await metricsOf(id);
    // 2,001 in + 1,001 out, then twice 333,333 in + 7 out, at 3 and 15 dollars per million.
    expect(metrics.total_cost_usd).toBe(2.021226);
    expect(metrics.total_token_usage).toEqual({ input: 669_167, output: 1_065 });
    expect(metrics).toMatchObject({ unpriced_calls: 1, errors_count: 1, artifacts_total: 2 });
    const [plan, build, ...others] = metrics.phases_metrics;
    expect(others).toEqual([]);
    expect(plan).toMatchObject({
      cost_usd: 0.021018,
      token_usage: { input: 2501, output: 1051 },
      agents_executed: ['architect', 'data'],
      artifacts_generated: 2,
      attempts: 1,
    });
    expect(plan?.usage_by_model).toEqual([
      {
        provider: 'anthropic',
        model: SONNET,
        calls: 2,
        unpriced_calls: 0,
        input_tokens: 2001,
        output_tokens: 1001,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
        cost_usd: 0.021018,
      },
      expect.objectContaining({ model: 'homemade-1', calls: 1, unpriced_calls: 1, cost_usd: null }),
    ]);
    expect(plan?.usage_by_agent).toEqual([
      expect.objectContaining({ agent_id: 'architect', calls: 2, unpriced_calls: 0, cost_usd: 0.021018 }),
      expect.objectContaining({ agent_id: 'data', calls: 1, unpriced_calls: 1, cost_usd: null }),
    ]);
    expect(build).toMatchObject({
      cost_usd: 2.000208,
      token_usage: { input: 666_666, output: 14 },
      attempts: 2,
    });
    const durations = [plan, build].map((phase) => phase?.duration_seconds ?? NaN);
    expect(metrics.total_duration_seconds).toBeCloseTo((durations[0] ?? NaN) + (durations[1] ?? NaN), 6);
    const run = await detail(api.member, id);
    expect(run).toMatchObject({ cost_usd: 2.021226, unpriced_calls: 1, budget: { spent_usd: 2.021226 } });
    expect(run.total_duration_seconds).toBe(metrics.total_duration_seconds);
  });

  it('scores the gates by their weights and lists every finding of hygiene with its path', async () => {
    const id = await createRun(api.member, 'priced');
    await next(api.member, id);
    const metrics = await metricsOf(id);
    // Passed with weight 1 and warned with weight 2: (1 + 0.5 · 2) / 3.
    expect(metrics.governance_score).toBeCloseTo(2 / 3, 4);
    expect(metrics.governance_measured).toBe(true);
    expect(metrics.hygiene_measured).toBe(true);
    expect(metrics.hygiene_score).toBeGreaterThan(0);
    expect(metrics.hygiene_score).toBeLessThan(1);
    const [plan] = metrics.phases_metrics;
    expect(plan).toMatchObject({
      governance_passed: true,
      governance_warnings: [expect.stringContaining('x.y')],
    });
    expect(plan?.gates.map((verdict) => verdict.gate_id)).toEqual(['there', 'measured']);
    expect(plan?.measurements).toContainEqual({ name: 'x.y', value: 0.81, source: 'reported' });
    expect(plan?.hygiene.map((finding) => finding.path)).toContain('empty.md');
  });
});
