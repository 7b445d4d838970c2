import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { PhaseEvidenceReader } from '../../src/execution/phase-evidence-reader.js';
import type { RunEventsDto } from '../../src/live/dto/run-event.dto.js';
import type { RunDetailDto } from '../../src/runs/dto/run-detail.dto.js';
import type { StepSource } from '../../src/workflow/domain/profile-source.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { createRun, detail, next, phaseOf, publish, runUntil } from './run-steps.js';

const DRAFT: StepSource = { id: 'draft', command: 'echo one > "$ORCHESTRATOR_ARTIFACTS/design.md"' };
const SIGNOFF: StepSource = { id: 'signoff', needs: ['draft'], approval: { self_approval: true } };

describe('approval given, artifact replaced', () => {
  let api: TestApp;
  let gate: string;
  let log: string;

  beforeAll(async () => {
    api = await startTestApp({ limits: QUICK });
    gate = `${api.folder}/gate`;
    log = `${api.folder}/log`;
  });
  afterEach(async () => {
    await rm(gate, { force: true });
    await rm(log, { force: true });
    await assertHealthy(api.database.dataSource);
  });
  afterAll(() => api.stop());

  /** Ends when the test opens the gate. */
  const held = (id: string, command = 'true'): StepSource => ({
    id,
    needs: ['draft'],
    command: `until [ -e "$GATE" ]; do sleep 0.05; done; ${command}`,
    env: { GATE: gate },
  });
  const ship = (...needs: string[]): StepSource => ({
    id: 'ship',
    needs,
    command: 'echo shipped >> "$LOG"',
    env: { LOG: log },
  });
  const shipped = (): Promise<string> => readFile(log, 'utf8').catch(() => '');
  const start = async (
    name: string,
    steps: StepSource[],
    more: Parameters<typeof publish>[3] & { gates?: object[] } = {},
  ): Promise<string> => {
    const { gates = [], ...profile } = more;
    await publish(api.admin, name, [{ name: 'design', steps, gates: gates as never }], profile);
    const id = await createRun(api.member, name);
    await next(api.member, id, {}, { Prefer: 'respond-async' });
    return id;
  };
  const replace = async (id: string, content: string, path = 'design.md'): Promise<void> => {
    const answer = await api.member.raw(`/runs/${id}/artifacts?phase=design&path=${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: content,
    });
    expect(answer.status).toBe(201);
  };
  const approve = async (id: string, client = api.member): Promise<void> => {
    await stepUntil(id, 'signoff', 'waiting');
    expect(await client.post(`/runs/${id}/phases/design/approve`, {})).toMatchObject({ status: 200 });
  };
  const statusOf = (run: RunDetailDto, step: string): string | undefined =>
    phaseOf(run, 'design').steps.find((candidate) => candidate.step === step)?.status;
  const stepUntil = (id: string, step: string, status: string): Promise<RunDetailDto> =>
    runUntil(api.member, id, (run) => statusOf(run, step) === status);
  const decisions = (run: RunDetailDto): number | undefined =>
    phaseOf(run, 'design').approval?.decisions.length;
  const completed = (id: string): Promise<RunDetailDto> =>
    runUntil(api.member, id, (run) => run.status === 'completed');
  const voided = async (id: string): Promise<number> => {
    const { body } = await api.member.get<RunEventsDto>(`/runs/${id}/events?limit=500`);
    return body.events.filter(({ type }) => type === 'approval.voided').length;
  };

  it('while others are still asked: it counts no more, and the same person may decide anew', async () => {
    const id = await start('two', [DRAFT, { ...SIGNOFF, approval: { self_approval: true, count: 2 } }]);
    await approve(id);
    await replace(id, 'two');
    expect(decisions(await detail(api.member, id))).toBe(0);
    await approve(id, api.admin);
    expect((await detail(api.member, id)).status).toBe('running');
    await approve(id);
    expect(decisions(await completed(id))).toBe(2);
    expect(await voided(id)).toBe(1);
  });

  it('while something else still runs: the gate reopens, and nothing that builds on it starts', async () => {
    const id = await start('beside', [DRAFT, SIGNOFF, held('check'), ship('signoff', 'check')]);
    await approve(id);
    await replace(id, 'two');
    expect(statusOf(await detail(api.member, id), 'signoff')).toBe('waiting');
    await writeFile(gate, '');
    const run = await runUntil(
      api.member,
      id,
      (seen) => phaseOf(seen, 'design').status === 'awaiting_approval',
    );
    expect([statusOf(run, 'check'), statusOf(run, 'ship'), decisions(run)]).toEqual([
      'succeeded',
      'pending',
      0,
    ]);
    expect(run.waiting_on).toMatchObject({ kind: 'approval' });
    await approve(id);
    await completed(id);
    expect(await shipped()).toBe('shipped\n');
  });

  it('before what builds on it found a place: that waits again, and is executed once', async () => {
    const id = await start('queued', [DRAFT, SIGNOFF, held('check'), ship('signoff')], { concurrency: 1 });
    await stepUntil(id, 'check', 'running');
    await approve(id);
    await stepUntil(id, 'ship', 'queued');
    await replace(id, 'two');
    expect(statusOf(await detail(api.member, id), 'ship')).toBe('pending');
    await writeFile(gate, '');
    await stepUntil(id, 'check', 'succeeded');
    expect(await shipped()).toBe('');
    await approve(id);
    const run = await completed(id);
    expect(phaseOf(run, 'design').steps.find(({ step }) => step === 'ship')?.tries).toBe(1);
    expect(await shipped()).toBe('shipped\n');
  });

  it('by a step beside it: it is asked for again; what a step only adds does no harm', async () => {
    const polish = held('polish', 'echo two > "$ORCHESTRATOR_ARTIFACTS/design.md"');
    const id = await start('polished', [DRAFT, SIGNOFF, polish]);
    await approve(id);
    await writeFile(gate, '');
    await runUntil(api.member, id, (run) => phaseOf(run, 'design').status === 'awaiting_approval');
    await approve(id);
    await completed(id);
    const notes = held('notes', 'echo more > "$ORCHESTRATOR_ARTIFACTS/notes.md"');
    const other = await start('noted', [DRAFT, SIGNOFF, notes]);
    await approve(other);
    await completed(other);
    expect([await voided(id), await voided(other)]).toEqual([1, 0]);
  });

  it('after its gates blocked: people decide again before the gates do, and nothing is waived unseen', async () => {
    const gates = [{ id: 'long', artifact: 'design.md', min_size: 20 }];
    const id = await start('gated', [DRAFT, SIGNOFF], { gates });
    await approve(id);
    await runUntil(api.member, id, (run) => run.status === 'failed');
    await replace(id, 'It has more than twenty bytes now.');
    const { waiting_on: waiting } = await detail(api.member, id);
    expect(waiting?.detail).toMatch(/has changed/);
    await next(api.admin, id, { skip_validation: true });
    const run = await detail(api.member, id);
    expect([run.status, statusOf(run, 'signoff'), phaseOf(run, 'design').attempt]).toEqual([
      'running',
      'waiting',
      1,
    ]);
    await approve(id);
    expect((await completed(id)).waived_gates).toBe(0);
  });

  it('while people decide again after gates blocked: no verdict on the older one stands', async () => {
    const both = 'for name in design notes; do echo one > "$ORCHESTRATOR_ARTIFACTS/$name.md"; done';
    const gates = [
      { id: 'design', artifact: 'design.md' },
      { id: 'notes', artifact: 'notes.md', min_size: 20 },
    ];
    const id = await start('twice', [{ ...DRAFT, command: both }, SIGNOFF], { gates });
    const standing = async (): Promise<string[]> =>
      phaseOf(await detail(api.member, id), 'design')
        .gates.filter((verdict) => !verdict.voided)
        .map((verdict) => verdict.gate_id);
    await approve(id);
    await runUntil(api.member, id, (run) => run.status === 'failed');
    await replace(id, 'It has more than twenty bytes now.', 'notes.md');
    await next(api.member, id);
    expect(await standing()).toEqual(['design']);
    await replace(id, 'two');
    expect(await standing()).toEqual([]);
    await approve(id);
    await completed(id);
  });

  it('and the phase is tried again from a step: the decision is about the new attempt', async () => {
    const failing = { id: 'ship', needs: ['signoff'], command: 'test -e "$GATE"', env: { GATE: gate } };
    const gates = [{ id: 'signed', approval: { count: 1 } }];
    const id = await start('again', [DRAFT, SIGNOFF, { ...failing, retry: { attempts: 1 } }], { gates });
    await approve(id);
    await runUntil(api.member, id, (run) => run.status === 'failed');
    await writeFile(gate, '');
    const retried = await api.member.post(`/runs/${id}/phases/design/retry`, { from_step: 'ship' });
    expect(retried).toMatchObject({ status: 200 });
    await approve(id);
    expect(statusOf(await completed(id), 'draft')).toBe('succeeded');
  });

  it('while the gates are being evaluated: the verdict is about the newer one', async () => {
    const reader = api.app.get(PhaseEvidenceReader);
    const judge = reader.judge.bind(reader);
    let replaced = 0;
    reader.judge = async (runId, ...about) => {
      const verdicts = await judge(runId, ...about);
      if ((replaced += 1) === 1) await replace(runId, 'It is longer than ten bytes.');
      return verdicts;
    };
    const gates = [{ id: 'short', forbidden: ['longer'], artifact: 'design.md' }];
    const id = await start('judged', [DRAFT], { gates });
    const run = await runUntil(api.member, id, ({ status }) => status !== 'running');
    reader.judge = judge;
    expect([run.status, phaseOf(run, 'design').gates[0]?.status, replaced]).toEqual(['failed', 'blocked', 2]);
  });
});
