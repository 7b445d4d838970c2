import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunComparisonDto } from '../../src/runs/dto/comparison.dto.js';
import type { RunTimelineDto } from '../../src/runs/dto/timeline.dto.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { commands, createRun, next, publish } from './run-steps.js';

describe('run views', () => {
  const SAVE = 'echo "$1" > "$ORCHESTRATOR_ARTIFACTS/$2"';
  const save = (text: string, path: string): string => SAVE.replace('$1', text).replace('$2', path);

  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'failing', commands({ plan: 'true', build: 'exit 3', ship: 'true' }));
  });
  afterAll(() => api.stop());

  describe('the timeline of a run', () => {
    const timeline = (id: string, client: ApiClient = api.member) =>
      client.get<RunTimelineDto>(`/runs/${id}/timeline`);

    it('has every attempt with its steps, oldest first, and tells which were superseded', async () => {
      const id = await createRun(api.member, 'failing');
      expect((await timeline(id)).body).toMatchObject({
        run_id: id,
        completed_at: null,
        attempts_left_out: 0,
        phases: [
          { phase: 'plan', status: 'pending', attempts: [] },
          { phase: 'build', attempts: [] },
          { phase: 'ship', attempts: [] },
        ],
      });
      for (let times = 0; times < 3; times += 1) await next(api.member, id);
      const { body } = await timeline(id);
      const step = { step: 'do', tries: 1, started_at: expect.any(String), completed_at: expect.any(String) };
      expect(body.phases.map(({ attempts }) => attempts)).toMatchObject([
        [{ attempt: 1, status: 'completed', superseded: false, steps: [{ ...step, status: 'succeeded' }] }],
        [
          { attempt: 1, status: 'failed', superseded: true, steps: [{ ...step, status: 'failed' }] },
          { attempt: 2, status: 'failed', superseded: false, steps: [{ ...step, status: 'failed' }] },
        ],
        [],
      ]);
      await api.member.post(`/runs/${id}/rollback`, { phase: 'plan' });
      const after = (await timeline(id)).body.phases[1];
      expect(after?.attempts.map(({ superseded }) => superseded)).toEqual([true, true]);
    });

    it('is not found by somebody who does not see the run', async () => {
      const id = await createRun(api.member, 'failing');
      expect((await timeline(id, api.otherMember)).status).toBe(404);
      expect((await timeline('nowhere')).status).toBe(404);
    });
  });

  describe('the comparison of two runs', () => {
    const compare = (a: string, b: string, client: ApiClient = api.member) =>
      client.get<RunComparisonDto>(`/runs/compare?a=${a}&b=${b}`);

    it('aligns inputs, phases, verdicts and artifacts of two versions of a profile', async () => {
      const parameters = { type: 'object', properties: { depth: { type: 'integer', default: 1 } } };
      const gate = (min: number) => [
        { id: 'small', artifact: 'a.md', min_size: min, severity: 'warn' as const },
      ];
      const plan = (text: string, more: string) => ({
        id: 'do',
        command: [save(text, 'a.md'), save('same', 'b.md'), more].join('\n'),
      });
      await publish(
        api.admin,
        'changing',
        [
          { name: 'plan', steps: [plan('one', save('x', 'old.md'))], gates: gate(1) },
          { name: 'ship', steps: [{ id: 'do', command: 'true' }] },
        ],
        { parameters },
      );
      const a = await createRun(api.member, 'changing', {
        project_name: 'shop',
        metadata: { ticket: 'OPS-1' },
      });
      await publish(
        api.admin,
        'changing',
        [
          { name: 'plan', steps: [plan('two', save('y', 'new.md'))], gates: gate(1000) },
          { name: 'test', steps: [{ id: 'do', command: 'true' }] },
          { name: 'ship', steps: [{ id: 'do', command: 'true' }] },
        ],
        { parameters },
      );
      const b = await createRun(api.member, 'changing', { project_name: 'shop', parameters: { depth: 5 } });
      await next(api.member, a);
      await next(api.member, b);

      const { status, body } = await compare(a, b);
      expect(status).toBe(200);
      expect([body.a.run_id, body.b.run_id]).toEqual([a, b]);
      expect(body.a).toMatchObject({
        project_name: 'shop',
        governance_score: 1,
        hygiene_score: expect.anything(),
      });
      expect(body.same_definition).toBe(false);
      const differing = body.inputs.filter(({ same }) => !same);
      expect(differing).toEqual([
        { name: 'profile', a: 'changing v1', b: 'changing v2', same: false },
        { name: 'parameters.depth', a: '1', b: '5', same: false },
        { name: 'metadata.ticket', a: 'OPS-1', b: null, same: false },
      ]);
      expect(body.phases).toMatchObject([
        {
          phase: 'plan',
          same_definition: false,
          a: { status: 'completed', attempt: 1, cost_usd: 0 },
          b: { status: 'completed', token_usage: { input: 0, output: 0 } },
          gates: [{ gate_id: 'small', a: { status: 'passed' }, b: { status: 'warned' } }],
        },
        { phase: 'test', same_definition: false, a: null, b: { status: 'pending' }, gates: [] },
        { phase: 'ship', same_definition: true, a: { status: 'pending' }, b: { status: 'pending' } },
      ]);
      expect(body.artifacts.map(({ path, change }) => [path, change])).toEqual([
        ['a.md', 'changed'],
        ['new.md', 'only_b'],
        ['old.md', 'only_a'],
        ['b.md', 'same'],
      ]);
      expect(body.artifacts_left_out).toBe(0);
      const itself = (await compare(a, a)).body;
      expect(itself.same_definition).toBe(true);
      expect(itself.inputs.every(({ same }) => same)).toBe(true);
    });

    it('asks for two ids of runs that the caller sees', async () => {
      const own = await createRun(api.member, 'failing');
      const foreign = await createRun(api.otherMember, 'failing');
      expect((await compare(own, foreign)).status).toBe(404);
      expect((await compare(foreign, own)).status).toBe(404);
      expect((await compare(own, 'nowhere')).status).toBe(400);
      expect((await api.member.get(`/runs/compare?a=${own}`)).status).toBe(400);
      expect((await api.nobody.get(`/runs/compare?a=${own}&b=${own}`)).status).toBe(401);
    });
  });
});
