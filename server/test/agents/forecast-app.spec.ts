import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import type { ArtifactListDto } from '../../src/artifacts/dto/artifact.dto.js';
import type { ProviderDto } from '../../src/providers/provider-answers.dto.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import { contentOf, createRun, next, phaseOf, runUntil } from '../runs/run-steps.js';
import { startModelServer, type ModelServer, type Protocol } from '../support/model-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { CHECK, DELIVERABLES, STEPS } from './forecast-deliverables.js';
import { finish, promptOf, stepOf, toolResults, write } from './scripted-agent.js';

describe('forecast app', () => {
  const INTAKE = 'Forecast the daily umbrella sales of the shop by the old canal, fourteen days ahead.';

  /** For six phases on a machine that is busy with other tests. */
  const PATIENCE_MS = 180_000;

  const PROTOCOLS: readonly {
    readonly kind: Protocol;
    readonly model: string;
    readonly usage: readonly [object, object];
    /** US dollars of one step, by the price table: first call and second call. */
    readonly perStep: string;
  }[] = [
    {
      kind: 'anthropic',
      model: 'claude-sonnet-4-5',
      usage: [
        { input: 1001, output: 203, cacheRead: 40, cacheWrite: 600 },
        { input: 31, output: 7, cacheRead: 640, cacheWrite: 200 },
      ],
      // (1032 × 3 + 210 × 15 + 680 × 0.30 + 800 × 3.75) ÷ 1,000,000
      perStep: '0.00945',
    },
    {
      kind: 'openai',
      model: 'gpt-5',
      usage: [
        { input: 1001, output: 203, cacheRead: 40 },
        { input: 31, output: 7, cacheRead: 640 },
      ],
      // (1032 × 1.25 + 210 × 10 + 680 × 0.125) ÷ 1,000,000
      perStep: '0.003475',
    },
  ];

  let api: TestApp;

  beforeAll(async () => {
    api = await startTestApp({ config: { agentCommands: 'allowed' } });
  });

  afterAll(() => api.stop());

  describe.each(PROTOCOLS)('analytics_forecast_app by a model over the $kind protocol', (protocol) => {
    let models: ModelServer;
    let providerId: string;
    let runId: string;

    beforeAll(async () => {
      models = await startModelServer();
      models.answerWith((request) => {
        const files = Object.entries(DELIVERABLES[stepOf(request)] ?? {});
        const done = toolResults(request).length > 0;
        return {
          kind: 'message',
          text: done ? 'All is written.' : 'I write what is asked for.',
          tools: (done
            ? [finish(`${stepOf(request)} is done.`)]
            : [
                ...files.map(([path, content]) => write(path, content)),
                ...(stepOf(request) === 'verify' ? [['run_command', { command: CHECK }] as const] : []),
              ]
          ).map(([name, input]) => ({ name, input })),
          usage: protocol.usage[done ? 1 : 0] as { input: number; output: number },
        };
      });
      const created = await api.admin.post<ProviderDto>('/providers', {
        ...{ kind: protocol.kind, name: 'models', scope: 'everyone', key: 'sk-the-key' },
        ...{ base_url: models.url, default_model: protocol.model },
      });
      expect(created.status).toBe(201);
      providerId = created.body.provider_id;
      runId = await createRun(api.member, 'analytics_forecast_app', {
        ...{ intake: INTAKE, project_name: 'umbrellas', auto_advance: true },
      });
      await next(api.member, runId, undefined, { Prefer: 'respond-async' });
      const isOver = (done: number) => (run: RunDetailDto) =>
        run.status !== 'running' || run.phases.filter(({ status }) => status === 'completed').length >= done;
      for (let done = 1; done <= 6; done += 1) await runUntil(api.member, runId, isOver(done));
      await runUntil(api.member, runId, ({ status }) => status !== 'running');
    }, PATIENCE_MS);

    afterAll(async () => {
      await api.admin.delete(`/providers/${providerId}`);
      await models.stop();
    });

    it('goes from the intake to completed through all six phases, with every gate passed', async () => {
      const run = await runUntil(api.member, runId, () => true);
      expect(run.failure).toBeNull();
      expect(run.status).toBe('completed');
      expect(run.phases.map(({ status }) => status)).toEqual(Array(6).fill('completed'));
      expect(run.phases.flatMap(({ gates }) => gates.filter(({ status }) => status !== 'passed'))).toEqual(
        [],
      );
      expect(phaseOf(run, 'planning').steps[0]).toMatchObject({
        status: 'succeeded',
        summary: 'prd is done.',
      });
    });

    it('leaves the files that were written, byte by byte, and a transcript of each step', async () => {
      const { body } = await api.member.get<ArtifactListDto>(`/runs/${runId}/artifacts`);
      const all = Object.values(body.artifacts_by_phase).flat();
      for (const [step, files] of Object.entries(DELIVERABLES)) {
        for (const [path, content] of Object.entries(files)) {
          const artifact = all.find((candidate) => candidate.path === path);
          // Files of the repository that are no deliverables are in its commits.
          if (artifact === undefined) expect(path).toMatch(/^forecast\//u);
          else expect(await contentOf(api.member, runId, artifact.artifact_id)).toBe(content);
        }
        for (const form of ['jsonl', 'md'])
          expect(all.map(({ path }) => path)).toContain(`transcripts/${step}.${form}`);
      }
    });

    it('has booked every call: tokens and cost to the last digit', async () => {
      const { body } = await api.member.get<RunMetricsDto>(`/runs/${runId}/metrics`);
      const cost = new Big(protocol.perStep).times(STEPS.length).toNumber();
      expect(body.total_cost_usd).toBe(cost);
      expect(body.total_token_usage).toEqual({ input: 1032 * STEPS.length, output: 210 * STEPS.length });
      const rows = await api.database.dataSource.query<{ calls: string; cost: string; cached: string }[]>(
        `SELECT count(*) AS calls, sum(cost_usd)::text AS cost, sum(cache_read_tokens)::text AS cached
       FROM usage_ledger WHERE run_id = $1`,
        [runId],
      );
      expect(rows[0]).toMatchObject({ calls: String(STEPS.length * 2), cached: String(680 * STEPS.length) });
      expect(new Big(rows[0]?.cost ?? 0).eq(new Big(protocol.perStep).times(STEPS.length))).toBe(true);
      expect(models.requests).toHaveLength(STEPS.length * 2);
    });

    it('has told the model the intake and what the phases before had made, as quoted data', () => {
      for (const step of STEPS) {
        const first = models.requests.find((request) => stepOf(request) === step);
        const prompt = first === undefined ? '' : promptOf(first);
        expect(prompt).toMatch(new RegExp(`<<<DATA \\w+ intake\\n${INTAKE}\\nDATA \\w+>>>`, 'u'));
        expect(first?.protocol).toBe(protocol.kind);
        expect(first?.model).toBe(protocol.model);
      }
      const asked = (step: string): string =>
        models.requests.filter((request) => stepOf(request) === step).map(promptOf)[0] ?? '';
      expect(asked('requirements')).toContain(DELIVERABLES['prd']?.['PRD.md']?.trim());
      expect(asked('design')).toContain('R4: Daily sales arrive as CSV every night.');
      expect(asked('review')).toContain('artifact "test_report.md" of phase qa');
      expect(asked('review')).not.toContain('transcripts/');
    });

    it('shows in the log what the model said, and in no place its key', async () => {
      const log = await eventually(
        async () =>
          (await api.member.raw(`/runs/${runId}/logs`, { headers: { Accept: 'text/plain' } })).text(),
        (text) => text.includes('write_docs'),
      );
      expect(log).toContain('I write what is asked for.');
      expect(log).not.toContain('sk-the-key');
      expect(models.requests[0]?.text).not.toContain('sk-the-key');
    });
  });
});
