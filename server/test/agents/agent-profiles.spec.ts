import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderDto } from '../../src/providers/provider-answers.dto.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import { compileProfile } from '../../src/workflow/profile-compiler.js';
import type { ProfileDefinition } from '../../src/workflow/domain/profile.js';
import { createRun, next, runUntil } from '../runs/run-steps.js';
import {
  startModelServer,
  type ModelRequest,
  type ModelServer,
  type Protocol,
} from '../support/model-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { deliverablesOf } from './gate-satisfying.js';
import { finish, promptOf, stepOf, write } from './scripted-agent.js';

const FOLDER = join(import.meta.dirname, '../../src/workflow/profiles');
const USAGE = { input: 1001, output: 203, cacheRead: 40 };

/** Each provider does some of the profiles; US dollars of one call by the price table. */
const PROVIDERS: readonly { kind: Protocol; model: string; perCall: string; profiles: readonly string[] }[] =
  [
    {
      kind: 'google',
      model: 'gemini-2.5-pro',
      // (1001 × 1.25 + 203 × 10 + 40 × 0.125) ÷ 1,000,000
      perCall: '0.00328625',
      profiles: ['web_app', 'backend_api', 'simple_app', 'data_pipeline'],
    },
    {
      kind: 'bedrock',
      model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
      // (1001 × 3 + 203 × 15 + 40 × 0.30) ÷ 1,000,000
      perCall: '0.00606',
      profiles: ['dashboard', 'ml_classification', 'ml_regression', 'optimization'],
    },
  ];

function builtin(name: string): ProfileDefinition {
  const compiled = compileProfile(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'), 'yaml');
  if (compiled.kind === 'invalid') throw new Error(`${name} is not valid`);
  return compiled.definition;
}

/** What the step that a request is about has to deliver; its profile stands in the intake. */
function askedFor(request: ModelRequest): Readonly<Record<string, string>> {
  const step = stepOf(request);
  const [, profile = ''] = /Intake for (\w+)\./u.exec(promptOf(request)) ?? [];
  for (const phase of builtin(profile).phases) {
    const asked = phase.steps.find(({ id }) => id === step);
    if (asked !== undefined) return deliverablesOf(phase, asked);
  }
  throw new Error(`${profile} has no step ${step}`);
}

describe('agent profiles', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
  });
  afterAll(() => api.stop());

  it('are all tried here or in the test of the forecast app', () => {
    const tried = [
      ...PROVIDERS.flatMap(({ profiles }) => profiles),
      'analytics_forecast_app',
      'self_hardening',
    ];
    expect(readdirSync(FOLDER)).toEqual(tried.map((name) => `${name}.yaml`).sort());
  });

  describe.each(PROVIDERS)('by a model over the $kind protocol', ({ kind, model, perCall, profiles }) => {
    let models: ModelServer;
    let providerId: string;
    const runs = new Map<string, RunDetailDto>();

    beforeAll(async () => {
      models = await startModelServer();
      models.answerWith((request) => ({
        kind: 'message',
        tools: [
          ...Object.entries(askedFor(request)).map(([path, content]) => write(path, content)),
          finish(),
        ].map(([name, input]) => ({ name, input })),
        usage: USAGE,
      }));
      const provider = { kind, name: kind, scope: 'everyone', key: 'sk-the-key', base_url: models.url };
      const created = await api.admin.post<ProviderDto>('/providers', { ...provider, default_model: model });
      expect(created.status).toBe(201);
      providerId = created.body.provider_id;
      const ids = profiles.map(async (profile) => {
        const id = await createRun(api.member, profile, {
          ...{ intake: `Intake for ${profile}.`, auto_advance: true },
        });
        await next(api.member, id, undefined, { Prefer: 'respond-async' });
        return [profile, id] as const;
      });
      for (const [profile, id] of await Promise.all(ids)) {
        for (const { name } of builtin(profile).phases) await runUntil(api.member, id, isPast(name));
        runs.set(profile, await runUntil(api.member, id, ({ status: now }) => now !== 'running'));
      }
    }, 300_000);
    afterAll(async () => {
      await api.admin.delete(`/providers/${providerId}`);
      await models.stop();
    });

    it.each(profiles)(
      '%s goes from the intake to completed, with every gate that blocks passed',
      (profile) => {
        const run = runs.get(profile);
        expect(run?.failure).toBeNull();
        expect(run?.status).toBe('completed');
        const gates = run?.phases.flatMap((phase) => phase.gates) ?? [];
        expect(gates.filter(({ status, severity }) => severity === 'block' && status !== 'passed')).toEqual(
          [],
        );
      },
    );

    it.each(profiles)('%s has booked every call: tokens and cost to the last digit', async (profile) => {
      const steps = builtin(profile).phases.flatMap((phase) => phase.steps).length;
      const { body } = await api.member.get<RunMetricsDto>(
        `/runs/${runs.get(profile)?.run_id ?? ''}/metrics`,
      );
      expect(body.total_cost_usd).toBe(new Big(perCall).times(steps).toNumber());
      expect(body.total_token_usage).toEqual({ input: 1001 * steps, output: 203 * steps });
      expect(models.requests.every(({ protocol }) => protocol === kind)).toBe(true);
    });
  });
});

const isPast =
  (phase: string) =>
  ({ status, phases }: RunDetailDto): boolean =>
    status !== 'running' ||
    phases.some(({ phase: name, status: now }) => name === phase && now === 'completed');
