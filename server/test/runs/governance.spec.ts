import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEventsDto } from '../../src/live/dto/run-event.dto.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { artifactsOf, commands, contentOf, createRun, detail, next, phaseOf, publish } from './run-steps.js';

const SHORT = 'too short';
const LONG = '# Scope\n\nEverything that matters, in enough words to be long enough.\n';

describe('the gates of a phase', () => {
  let api: TestApp;
  let note: string;
  let executions: string;

  beforeAll(async () => {
    api = await startTestApp();
    note = join(api.folder, 'note.md');
    executions = join(api.folder, 'executions');
    const write = `echo x >> ${executions}; cp ${note} "$ORCHESTRATOR_ARTIFACTS/note.md"`;
    await publish(api.admin, 'gated', [
      {
        name: 'write',
        steps: [{ id: 'note', agent: 'writer', command: write, retry: { attempts: 1 } }],
        gates: [
          { id: 'long_enough', artifact: 'note.md', min_size: 40, remedy: 'Write more.' },
          { id: 'has_scope', artifact: 'note.md', sections: ['Scope'], severity: 'warn', weight: 2 },
          { id: 'measured', metric: 'coverage.lines', min: 0.8, severity: 'warn' },
        ],
      },
      { name: 'after', steps: [{ id: 'do', agent: 'writer', command: 'true' }] },
    ]);
  });

  beforeEach(async () => {
    await writeFile(note, SHORT);
    await rm(executions, { force: true });
  });

  afterAll(() => api.stop());

  const executed = async (): Promise<number> => (await readFile(executions, 'utf8')).length / 2;

  it('trace the requirements of an earlier phase, and name those that a design forgot', async () => {
    const write = (path: string, text: string): string =>
      `printf '%s' '${text}' > "$ORCHESTRATOR_ARTIFACTS/${path}"`;
    const [plan, design] = commands({
      plan: write('requirements.md', '- R1 loads\n- R2 forecasts\n'),
      design: write('architecture.md', 'The loader does R1.'),
    });
    const traced = { id: 'traced', trace: 'requirements.md', in: 'architecture.md' };
    await publish(api.admin, 'traced', [
      ...(plan === undefined ? [] : [plan]),
      ...(design === undefined ? [] : [{ ...design, gates: [traced] }]),
    ]);
    const id = await createRun(api.member, 'traced');
    expect((await next(api.member, id)).status).toBe(200);
    const { body } = await next<ProblemDto>(api.member, id);
    expect(body.gates).toMatchObject([
      {
        kind: 'trace',
        actual: '1 of 2',
        message: 'architecture.md does not refer to R2 of requirements.md.',
      },
    ]);
    // It stays as it was judged: what it compared with is no content of this phase that could be gone.
    expect(phaseOf(await detail(api.member, id), 'design').gates[0]?.voided).toBe(false);
  });

  it('block with their threshold, what was found and a remedy, and the state is saved', async () => {
    const id = await createRun(api.member, 'gated');
    const { status, headers, body } = await next<ProblemDto>(api.member, id);
    expect(status).toBe(409);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.code).toBe('governance_blocked');
    expect(body.detail).toContain('long_enough');
    expect(body.gates).toEqual([
      {
        gate_id: 'long_enough',
        kind: 'artifact',
        status: 'blocked',
        severity: 'block',
        weight: 1,
        threshold: expect.stringContaining('40'),
        actual: expect.stringContaining('9'),
        message: expect.stringContaining('note.md'),
        remedy: 'Write more.',
        evidence: [
          {
            path: 'note.md',
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
            detail: expect.stringContaining('9 bytes'),
          },
        ],
        evaluated_at: expect.stringMatching(/Z$/),
        voided: false,
        waived_by: null,
      },
    ]);
    const run = await detail(api.member, id);
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'governance_blocked' } });
    expect(run.waiting_on?.detail).toMatch(/retry.*waive/i);
    const phase = phaseOf(run, 'write');
    expect(phase).toMatchObject({ status: 'failed', error: { code: 'governance_blocked' } });
    expect(phase.gates.map((gate) => [gate.gate_id, gate.status])).toEqual([
      ['long_enough', 'blocked'],
      ['has_scope', 'warned'],
      ['measured', 'warned'],
    ]);
    expect(phase.gates[2]).toMatchObject({ actual: null, message: expect.stringMatching(/not measured/i) });
    expect(phase.steps[0]).toMatchObject({ status: 'succeeded' });
  });

  it('are evaluated anew on a new attempt, and the older attempt stays readable', async () => {
    const id = await createRun(api.member, 'gated');
    await next(api.member, id);
    await writeFile(note, LONG);
    expect(await next(api.member, id)).toMatchObject({ status: 200 });
    expect(phaseOf(await detail(api.member, id), 'write')).toMatchObject({ status: 'completed', attempt: 2 });
    const current = await artifactsOf(api.member, id, 'write');
    expect(current).toMatchObject([{ path: 'note.md', attempt: 2, version: 2, superseded: false }]);
    const all = await artifactsOf(api.member, id, 'write', '?all_versions=true');
    const older = all.find((artifact) => artifact.attempt === 1);
    expect(older).toMatchObject({ version: 1 });
    expect(await contentOf(api.member, id, older?.artifact_id ?? '')).toBe(SHORT);
    const { body } = await api.member.get<RunEventsDto>(`/runs/${id}/events?limit=200`);
    const blocked = body.events.find((event) => event.type === 'phase.failed');
    expect(blocked).toMatchObject({ phase: 'write', attempt: 1 });
  });

  it('may not be waived by a member: 403, and the blocked state stands', async () => {
    const id = await createRun(api.member, 'gated');
    await next(api.member, id);
    const refused = await next<ProblemDto>(api.member, id, { skip_validation: true });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await detail(api.member, id)).toMatchObject({ status: 'failed', waived_gates: 0 });
    expect(await executed()).toBe(1);
  });

  it('tell a member who asks beforehand 403 after the execution, with the state saved', async () => {
    const id = await createRun(api.member, 'gated');
    const refused = await next<ProblemDto>(api.member, id, { skip_validation: true });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const run = await detail(api.member, id);
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'governance_blocked' }, waived_gates: 0 });
    expect(await executed()).toBe(1);
  });

  it('are waived by an administrator with who, when and why, without executing anything again', async () => {
    const id = await createRun(api.member, 'gated');
    await next(api.member, id);
    const answer = await next(api.admin, id, { skip_validation: true, reason: 'Known; see OPS-2' });
    expect(answer).toMatchObject({ status: 200, body: { message: 'Advanced from write to after' } });
    expect(await executed()).toBe(1);
    const run = await detail(api.member, id);
    expect(run).toMatchObject({ status: 'running', current_phase: 'after', waived_gates: 1, failure: null });
    const phase = phaseOf(run, 'write');
    expect(phase).toMatchObject({ status: 'completed', attempt: 1, error: null });
    expect(phase.gates[0]).toMatchObject({
      gate_id: 'long_enough',
      status: 'waived',
      waived_by: { name: expect.any(String), reason: 'Known; see OPS-2', at: expect.stringMatching(/Z$/) },
    });
    expect(phase.gates.slice(1).every((gate) => gate.waived_by === null)).toBe(true);
    const { body } = await api.member.get<RunEventsDto>(`/runs/${id}/events?limit=200`);
    expect(body.events.find((event) => event.type === 'gate.waived')).toMatchObject({
      actor: { kind: 'user', id: phase.gates[0]?.waived_by?.user_id },
      phase: 'write',
      data: { gate_id: 'long_enough', reason: 'Known; see OPS-2' },
    });
  });

  it('are waived beforehand by an administrator, and executed once', async () => {
    const id = await createRun(api.member, 'gated');
    const answer = await next(api.admin, id, { skip_validation: true });
    expect(answer).toMatchObject({ status: 200, body: { message: 'Advanced from write to after' } });
    expect(await executed()).toBe(1);
    const [gate] = phaseOf(await detail(api.member, id), 'write').gates;
    expect(gate).toMatchObject({ status: 'waived', waived_by: { reason: null } });
  });

  it.each(['member', 'admin'] as const)(
    'are unchanged by skip_validation of the %s where none blocks',
    async (who) => {
      await writeFile(note, LONG);
      const id = await createRun(api.member, 'gated');
      expect(await next(api[who], id, { skip_validation: true })).toMatchObject({ status: 200 });
      const run = await detail(api.member, id);
      expect(run.waived_gates).toBe(0);
      expect(phaseOf(run, 'write').gates.map((gate) => gate.status)).toEqual(['passed', 'passed', 'warned']);
    },
  );

  it('never look at what a client put into the metadata', async () => {
    const id = await createRun(api.member, 'gated', {
      metadata: { 'coverage.lines': 1, coverage: { lines: 1 } },
    });
    await next(api.member, id);
    const gates = phaseOf(await detail(api.member, id), 'write').gates;
    expect(gates.find((gate) => gate.gate_id === 'measured')).toMatchObject({
      status: 'warned',
      actual: null,
    });
  });
});
