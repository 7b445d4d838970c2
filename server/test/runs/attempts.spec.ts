import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { assertHealthy } from '../../src/doctor/doctor.js';
import type { RunMetricsDto } from '../../src/runs/dto/metrics.dto.js';
import type { PhaseAttemptsDto } from '../../src/runs/dto/phase-attempt.dto.js';
import type { RunSummaryDto } from '../../src/runs/dto/run-summary.dto.js';
import type { StepSource } from '../../src/workflow/domain/profile-source.js';
import { makeRepository } from '../execution/repositories.js';
import type { ApiClient } from '../support/api-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  artifactsOf,
  commands,
  contentOf,
  createRun,
  detail,
  next,
  phaseOf,
  publish,
  runUntil,
} from './run-steps.js';

describe('the attempts of a phase', () => {
  let api: TestApp;
  beforeAll(async () => {
    api = await startTestApp();
    await publish(api.admin, 'failing', commands({ plan: 'true', build: 'exit 3', ship: 'true' }));
    await publish(api.admin, 'reviewed', [
      {
        name: 'design',
        steps: [
          { id: 'draft', command: 'true' },
          { id: 'signoff', needs: ['draft'], approval: { self_approval: true } },
        ],
      },
    ]);
  });
  afterEach(() => assertHealthy(api.database.dataSource));
  afterAll(() => api.stop());

  const attempts = async (id: string, phase: string, client: ApiClient = api.member) =>
    client.get<PhaseAttemptsDto>(`/runs/${id}/phases/${phase}/attempts`);

  it('stay readable after a retry and a rollback, which marks them superseded', async () => {
    const id = await createRun(api.member, 'failing');
    await next(api.member, id);
    expect((await attempts(id, 'build')).body.attempts).toEqual([]);
    await next(api.member, id);
    await next(api.member, id);
    const before = (await attempts(id, 'build')).body.attempts;
    expect(before.map(({ attempt }) => attempt)).toEqual([2, 1]);
    for (const attempt of before) {
      expect(attempt).toMatchObject({
        status: 'failed',
        superseded_at: null,
        comment: null,
        steps: [{ step: 'do', status: 'failed', error: { exit_code: 3 } }],
        error: { code: 'exit_code' },
      });
    }
    expect((await api.member.post(`/runs/${id}/rollback`, { phase: 'plan' })).status).toBe(200);
    expect(phaseOf(await detail(api.member, id), 'build').status).toBe('pending');
    const after = (await attempts(id, 'build')).body.attempts;
    expect(after).toEqual(before.map((attempt) => ({ ...attempt, superseded_at: expect.any(String) })));
  });

  it('tell what a reviewer asked for', async () => {
    const id = await createRun(api.member, 'reviewed');
    await next(api.member, id);
    await api.member.post(`/runs/${id}/phases/design/reject`, { comment: 'Name the risks.' });
    const { body } = await attempts(id, 'design');
    expect(body.attempts.map(({ attempt, comment }) => [attempt, comment])).toEqual([
      [2, 'Name the risks.'],
      [1, null],
    ]);
    expect(body.attempts[1]?.approval?.decisions).toMatchObject([{ decision: 'changes_requested' }]);
  });

  it('are not found for an unknown phase, nor by somebody who does not see the run', async () => {
    const id = await createRun(api.member, 'failing');
    expect((await attempts(id, 'nowhere')).status).toBe(404);
    expect((await attempts(id, 'plan', api.otherMember)).status).toBe(404);
  });

  const note = (name: string): string => `${api.folder}/${name}`;
  const noted = (name: string): Promise<string> => readFile(note(name), 'utf8').catch(() => '');
  const report = (line: object): string => `echo '${JSON.stringify(line)}' >> "$ORCHESTRATOR_OUTPUT"`;
  const metricsOf = async (id: string): Promise<RunMetricsDto> =>
    (await api.member.get<RunMetricsDto>(`/runs/${id}/metrics`)).body;
  const upload = async (id: string, phase: string, path: string, content: string): Promise<void> => {
    const answer = await api.member.raw(`/runs/${id}/artifacts?phase=${phase}&path=${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: content,
    });
    expect(answer.status).toBe(201);
  };
  const once = (id: string, file: string, ...lines: string[]): StepSource => ({
    id,
    retry: { attempts: 1 },
    command: [`echo ${id} >> ${note(file)}`, ...lines].join('\n'),
  });
  const retry = (id: string, phase: string, from: string) =>
    api.member.post<RunSummaryDto>(`/runs/${id}/phases/${phase}/retry`, { from_step: from });

  it('that are tried again from a step keep what the steps before did, with all that they left', async () => {
    const usage = {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      input_tokens: 1000,
      output_tokens: 100,
    };
    const folder = makeRepository(note('repositories/kept'), { 'README.md': '# Kept\n' });
    await publish(api.admin, 'kept', [
      {
        name: 'build',
        steps: [
          once(
            'draft',
            'kept',
            'echo drafted > draft.txt; echo report > "$ORCHESTRATOR_ARTIFACTS/report.md"',
            report({ metric: { name: 'coverage.lines', value: 0.9 } }),
            report({ usage }),
            report({ summary: 'It is drafted.' }),
          ),
          once('aside', 'kept', 'echo aside > aside.txt'),
          {
            ...once(
              'check',
              'kept',
              'cat draft.txt aside.txt README.md > "$ORCHESTRATOR_ARTIFACTS/seen.txt"',
              'cp "$ORCHESTRATOR_CONTEXT" "$ORCHESTRATOR_ARTIFACTS/context.json"',
              report({ usage }),
              `test -e ${note('mended')}`,
            ),
            needs: ['draft', 'aside'],
          },
        ],
        gates: [
          { id: 'reported', artifact: 'report.md' },
          { id: 'covered', metric: 'coverage.lines', min: 0.8 },
          { id: 'cheap', budget: { max_tokens: 2200 } },
        ],
      },
      ...commands({ ship: 'cat draft.txt aside.txt > "$ORCHESTRATOR_ARTIFACTS/shipped.txt"' }),
    ]);
    const id = await createRun(api.member, 'kept', { repository: { path: folder } });
    expect(await next(api.member, id)).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    await writeFile(note('mended'), '');
    expect(await retry(id, 'build', 'check')).toMatchObject({ status: 200, body: { status: 'running' } });
    const run = await runUntil(api.member, id, (seen) => seen.current_phase === 'ship');
    expect((await noted('kept')).split('\n').sort().join(' ')).toBe(' aside check check draft');
    const build = phaseOf(run, 'build');
    expect(build.steps.map(({ step, status, tries }) => [step, status, tries])).toEqual([
      ['draft', 'succeeded', 0],
      ['aside', 'succeeded', 0],
      ['check', 'succeeded', 1],
    ]);
    expect(build).toMatchObject({
      attempt: 2,
      artifacts_count: 3,
      steps: [{ summary: 'It is drafted.' }, {}, {}],
    });
    expect(build.gates.map(({ gate_id, status, actual }) => [gate_id, status, actual])).toEqual([
      ['reported', 'passed', expect.any(String)],
      ['covered', 'passed', '0.9'],
      ['cheap', 'passed', expect.stringContaining('2200')],
    ]);
    const artifacts = await artifactsOf(api.member, id, 'build');
    const content: Record<string, string> = {};
    for (const { path, artifact_id } of artifacts)
      content[path] = await contentOf(api.member, id, artifact_id);
    expect(artifacts.map(({ path, attempt, version, step_id }) => [path, attempt, version, step_id])).toEqual(
      [
        ['context.json', 2, 2, 'check'],
        ['report.md', 2, 2, 'draft'],
        ['seen.txt', 2, 2, 'check'],
      ],
    );
    expect(content).toMatchObject({ 'report.md': 'report\n', 'seen.txt': 'drafted\naside\n# Kept\n' });
    expect(JSON.parse(content['context.json'] ?? '')).toMatchObject({
      attempt: 2,
      artifacts: [{ path: 'report.md' }],
    });
    const metrics = await metricsOf(id);
    expect(metrics.total_token_usage).toEqual({ input: 3000, output: 300 });
    expect(metrics).toMatchObject({ total_cost_usd: 0.0135, artifacts_total: 3, errors_count: 1 });
    expect(metrics.phases_metrics[0]).toMatchObject({
      attempts: 2,
      artifacts_generated: 3,
      measurements: [{ name: 'coverage.lines', value: 0.9 }],
    });
    expect(await next(api.member, id)).toMatchObject({ status: 200, body: { status: 'completed' } });
    const [shipped] = await artifactsOf(api.member, id, 'ship');
    expect(await contentOf(api.member, id, shipped?.artifact_id ?? '')).toBe('drafted\naside\n');
  });

  it('that are tried again from a step keep what people delivered for the steps before', async () => {
    await publish(api.admin, 'by_hand', [
      {
        name: 'plan',
        steps: [
          {
            id: 'write',
            llm: { role: 'You plan.', task: 'Plan.' },
            artifacts: [{ path: 'PRD.md', required: true }],
          },
          { ...once('check', 'by_hand', `test -e ${note('checked')}`), needs: ['write'] },
        ],
        gates: [{ id: 'there', artifact: 'PRD.md' }],
      },
    ]);
    const id = await createRun(api.member, 'by_hand');
    await next(api.member, id, {}, { Prefer: 'respond-async' });
    await upload(id, 'plan', 'PRD.md', 'one');
    await upload(id, 'plan', 'notes.md', 'notes');
    const done = await api.member.post(`/runs/${id}/phases/plan/steps/write/complete`, {
      summary: 'By hand.',
    });
    expect(done.status).toBe(200);
    await runUntil(api.member, id, ({ status }) => status === 'failed');
    await upload(id, 'plan', 'PRD.md', 'two');
    await writeFile(note('checked'), '');
    expect(await retry(id, 'plan', 'check')).toMatchObject({ status: 200 });
    await runUntil(api.member, id, ({ status }) => status === 'completed');
    const artifacts = await artifactsOf(api.member, id, 'plan');
    expect(artifacts.map(({ path, attempt, step_id }) => [path, attempt, step_id])).toEqual([
      ['PRD.md', 2, null],
      ['notes.md', 2, null],
    ]);
    expect(await contentOf(api.member, id, artifacts[0]?.artifact_id ?? '')).toBe('two');
  });

  it('that are tried again from a step execute nothing on an approval that is not given anew', async () => {
    await publish(api.admin, 'approved_before', [
      {
        name: 'build',
        steps: [
          once('draft', 'approved_before', 'echo one > "$ORCHESTRATOR_ARTIFACTS/design.md"'),
          { id: 'signoff', needs: ['draft'], approval: { self_approval: true } },
          { ...once('pack', 'approved_before'), needs: ['signoff'] },
          { ...once('deploy', 'approved_before', `test -e ${note('ready')}`), needs: ['pack'] },
        ],
      },
    ]);
    const id = await createRun(api.member, 'approved_before');
    const approve = () => api.member.post(`/runs/${id}/phases/build/approve`, {});
    await next(api.member, id);
    expect(await approve()).toMatchObject({ status: 200 });
    const failed = await runUntil(api.member, id, ({ status }) => status === 'failed');
    expect(phaseOf(failed, 'build').approval?.decisions).toHaveLength(1);
    await upload(id, 'build', 'design.md', 'two');
    expect(phaseOf(await detail(api.member, id), 'build').approval?.decisions).toEqual([]);
    await writeFile(note('ready'), '');
    expect(await retry(id, 'build', 'deploy')).toMatchObject({ status: 200 });
    const run = await detail(api.member, id);
    expect(run.waiting_on).toMatchObject({ kind: 'approval' });
    expect(phaseOf(run, 'build').steps.map(({ status }) => status)).toEqual([
      'succeeded',
      'waiting',
      'succeeded',
      'pending',
    ]);
    expect(await approve()).toMatchObject({ status: 200 });
    await runUntil(api.member, id, ({ status }) => status === 'completed');
    expect(await noted('approved_before')).toBe('draft\npack\ndeploy\ndeploy\n');
  });

  it('are given what a reviewer asked for until one is reviewed again', async () => {
    await publish(api.admin, 'commented', [
      {
        name: 'design',
        steps: [
          {
            ...once('draft', 'commented', `cp "$ORCHESTRATOR_CONTEXT" "$ORCHESTRATOR_ARTIFACTS/given.json"`),
          },
          { ...once('unsure', 'commented', `test ! -e ${note('broken')}`), needs: ['draft'] },
          { id: 'signoff', needs: ['unsure'], approval: { self_approval: true } },
        ],
      },
    ]);
    const id = await createRun(api.member, 'commented');
    await next(api.member, id);
    await writeFile(note('broken'), '');
    await api.member.post(`/runs/${id}/phases/design/reject`, { comment: 'Name the risks.' });
    await runUntil(api.member, id, ({ status }) => status === 'failed');
    await next(api.member, id);
    const [given] = await artifactsOf(api.member, id, 'design');
    const context: unknown = JSON.parse(await contentOf(api.member, id, given?.artifact_id ?? ''));
    expect(context).toMatchObject({ attempt: 3, comment: 'Name the risks.' });
  });

  it('that a rollback went back past count no more: files, records, scores and waivers are as they were', async () => {
    const folder = makeRepository(note('repositories/back'), { 'README.md': '# Back\n' });
    const leave = (name: string): string =>
      `ls *.txt > "$ORCHESTRATOR_ARTIFACTS/${name}.list"; echo ${name} > ${name}.txt`;
    const usage = {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      input_tokens: 1000,
      output_tokens: 100,
    };
    await publish(api.admin, 'back', [
      {
        name: 'plan',
        steps: [once('do', 'back', 'echo plan > plan.txt')],
        gates: [{ id: 'x', metric: 'x', min: 1, severity: 'warn' }],
      },
      {
        name: 'build',
        steps: [once('do', 'back', leave('build'), report({ usage }))],
        gates: [{ id: 'signed', artifact: 'signed.md' }],
      },
      { name: 'ship', optional: true, steps: [once('do', 'back', leave('ship'))] },
    ]);
    const id = await createRun(api.member, 'back', { repository: { path: folder } });
    await next(api.member, id);
    const before = await metricsOf(id);
    expect((await next(api.member, id)).status).toBe(409);
    expect((await next(api.admin, id, { skip_validation: true, reason: 'OPS-3' })).status).toBe(200);
    expect((await next(api.member, id)).body).toMatchObject({ status: 'completed' });
    expect(await detail(api.member, id)).toMatchObject({ waived_gates: 1 });
    const back = await api.member.post(`/runs/${id}/rollback`, { phase: 'plan' });
    expect(back).toMatchObject({
      status: 200,
      body: { status: 'running', current_phase: 'build', waived_gates: 0 },
    });
    const run = await detail(api.member, id);
    expect(run).toMatchObject({
      completed_at: null,
      failure: null,
      cost_usd: 0.0045,
      waiting_on: { kind: 'advance' },
    });
    expect(run.phases.map(({ status, artifacts_count }) => [status, artifacts_count])).toEqual([
      ['completed', 0],
      ['pending', 0],
      ['pending', 0],
    ]);
    expect(await metricsOf(id)).toMatchObject({
      governance_score: before.governance_score,
      hygiene_score: before.hygiene_score,
      total_cost_usd: 0.0045,
      artifacts_total: 0,
    });
    // What is delivered now is for the attempt to come.
    await upload(id, 'build', 'signed.md', 'signed');
    expect((await next(api.member, id)).body).toMatchObject({ message: 'Advanced from build to ship' });
    const build = phaseOf(await detail(api.member, id), 'build');
    expect(build).toMatchObject({ attempt: 2, artifacts_count: 2, gates: [{ status: 'passed' }] });
    const [list] = await artifactsOf(api.member, id, 'build');
    expect(await contentOf(api.member, id, list?.artifact_id ?? '')).toBe('plan.txt\n');
    expect((await attempts(id, 'build')).body.attempts.map(({ superseded_at: at }) => at)).toEqual([
      null,
      expect.any(String),
    ]);
    expect((await api.member.post(`/runs/${id}/phases/ship/skip`, {})).body).toMatchObject({
      status: 'completed',
    });
    expect((await metricsOf(id)).total_cost_usd).toBe(0.009);
  });

  it('that failed hand nothing on: what they delivered is read, but not given to what comes after', async () => {
    await publish(api.admin, 'stale', [
      {
        name: 'build',
        steps: [
          once(
            'do',
            'stale',
            `test -e ${note('second')} && name=good || name=stale`,
            'echo text > "$ORCHESTRATOR_ARTIFACTS/$name.md"',
            'test $name = good',
          ),
        ],
      },
      ...commands({ ship: 'cp "$ORCHESTRATOR_CONTEXT" "$ORCHESTRATOR_ARTIFACTS/given.json"' }),
    ]);
    const id = await createRun(api.member, 'stale');
    await next(api.member, id);
    const paths = async (query = '') =>
      (await artifactsOf(api.member, id, 'build', query)).map(({ path, superseded }) => [path, superseded]);
    expect(await paths()).toEqual([['stale.md', false]]);
    expect((await api.member.delete(`/runs/${id}`)).status).toBe(204);
    await writeFile(note('second'), '');
    await next(api.member, id);
    expect(await paths()).toEqual([['good.md', false]]);
    expect(await paths('?all_versions=true')).toEqual([
      ['good.md', false],
      ['stale.md', true],
    ]);
    // A run that runs again is not hidden in the archive.
    expect(await detail(api.member, id)).toMatchObject({ archived_at: null, artifacts_count: 1 });
    await next(api.member, id);
    const [given] = await artifactsOf(api.member, id, 'ship');
    const context: unknown = JSON.parse(await contentOf(api.member, id, given?.artifact_id ?? ''));
    expect(context).toMatchObject({ artifacts: [{ path: 'good.md' }] });
  });
});
