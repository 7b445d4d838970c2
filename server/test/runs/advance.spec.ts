import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { AdvanceRunResponseDto } from '../../src/runs/dto/advance.dto.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { eventually } from '../support/until.js';
import { commands, createRun, detail, next, phaseOf, publish, runUntil } from './run-steps.js';

describe('POST /runs/{run_id}/next', () => {
  let api: TestApp;
  let started: string;
  let gate: string;

  beforeAll(async () => {
    api = await startTestApp();
    started = join(api.folder, 'started');
    gate = join(api.folder, 'gate');
    await publish(api.admin, 'two', commands({ plan: 'true', build: 'true' }));
    await publish(api.admin, 'held', commands({ work: holding(), rest: 'true' }));
    await publish(api.admin, 'failing', commands({ work: `test -e ${gate} || exit 7`, rest: 'true' }));
    await publish(api.admin, 'signalled', commands({ work: 'kill -9 $$', rest: 'true' }));
  });

  beforeEach(async () => {
    await rm(started, { force: true });
    await rm(gate, { force: true });
  });

  afterAll(() => api.stop());

  /** Says that it runs, and goes on when the gate is there. */
  const holding = (): string => `echo x >> ${started}; while [ ! -e ${gate} ]; do sleep 0.05; done`;
  const executions = async (): Promise<number> =>
    (await readFile(started, 'utf8').catch(() => '')).length / 2;
  const untilExecuting = (): Promise<number> => eventually(executions, (count) => count > 0);
  const open = (): Promise<void> => writeFile(gate, '');

  it('executes the current phase and advances, and after the last says that the run is complete', async () => {
    const id = await createRun(api.member, 'two');
    const first = await next(api.member, id);
    expect(first).toMatchObject({ status: 200 });
    expect(first.body).toEqual({
      run_id: id,
      previous_phase: 'plan',
      current_phase: 'build',
      status: 'running',
      message: 'Advanced from plan to build',
    });
    const last = await next(api.member, id, {});
    expect(last).toMatchObject({ status: 200 });
    expect(last.body).toEqual({
      run_id: id,
      previous_phase: 'build',
      current_phase: 'build',
      status: 'completed',
      message: 'Completed build; the run is complete',
    });
    const again = await next<ProblemDto>(api.member, id);
    expect(again).toMatchObject({ status: 409, body: { code: 'run_finished' } });
    expect(first.headers.get('preference-applied')).toBeNull();
  });

  it('answers 202 at once where asked to respond asynchronously, and the work goes on', async () => {
    const id = await createRun(api.member, 'held');
    const answer = await next(api.member, id, undefined, { Prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('respond-async');
    expect(answer.headers.get('location')).toBe(`/runs/${id}`);
    expect(answer.body).toEqual({
      run_id: id,
      previous_phase: 'work',
      current_phase: 'work',
      status: 'running',
      message: 'Executing work',
    });
    expect((await detail(api.member, id)).waiting_on).toMatchObject({ kind: 'phase' });
    await open();
    await runUntil(api.member, id, (run) => run.current_phase === 'rest');
  });

  it('answers 202 when the wait that was asked for ends before the phase', async () => {
    const id = await createRun(api.member, 'held');
    const answer = await next(api.member, id, undefined, { Prefer: 'wait=1' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    expect(answer.body.message).toBe('Executing work');
    await open();
    await runUntil(api.member, id, (run) => run.current_phase === 'rest');
    expect(await executions()).toBe(1);
  });

  it('answers 200 within a wait that is long enough, and takes a longer wish as 60 seconds', async () => {
    const id = await createRun(api.member, 'two');
    const first = await next(api.member, id, undefined, { Prefer: 'wait=20' });
    expect(first.status).toBe(200);
    expect(first.headers.get('preference-applied')).toBe('wait=20');
    const second = await next(api.member, id, undefined, { Prefer: 'wait=100000' });
    expect(second.status).toBe(200);
    expect(second.headers.get('preference-applied')).toBe('wait=60');
  });

  it('goes on where the caller does not stay connected', async () => {
    const id = await createRun(api.member, 'held');
    const caller = new AbortController();
    const answer = api.member.raw(`/runs/${id}/next`, { method: 'POST', signal: caller.signal });
    const gone = expect(answer).rejects.toThrow(/abort/i);
    await untilExecuting();
    caller.abort();
    await gone;
    await open();
    const run = await runUntil(api.member, id, (seen) => seen.current_phase === 'rest');
    expect(phaseOf(run, 'work')).toMatchObject({ status: 'completed', attempt: 1 });
    expect(await executions()).toBe(1);
  });

  it('lets one of five simultaneous calls execute, and answers the four others phase_in_progress', async () => {
    const id = await createRun(api.member, 'held');
    const answers: { status: number; body: AdvanceRunResponseDto | ProblemDto }[] = [];
    const calls = Array.from({ length: 5 }, async () => {
      answers.push(await next<AdvanceRunResponseDto | ProblemDto>(api.member, id));
    });
    await eventually(
      () => Promise.resolve(answers.length),
      (count) => count === 4,
    );
    expect(answers.map((answer) => answer.status)).toEqual([409, 409, 409, 409]);
    expect(answers.map((answer) => 'code' in answer.body && answer.body.code)).toEqual(
      Array(4).fill('phase_in_progress'),
    );
    await open();
    await Promise.all(calls);
    expect(answers[4]).toMatchObject({ status: 200, body: { message: 'Advanced from work to rest' } });
    expect(await executions()).toBe(1);
  });

  it('refuses a paused run with run_paused and a cancelled one with run_finished', async () => {
    const id = await createRun(api.member, 'two');
    await api.member.post(`/runs/${id}/pause`);
    expect(await next(api.member, id)).toMatchObject({ status: 409, body: { code: 'run_paused' } });
    await api.member.post(`/runs/${id}/resume`);
    expect(await next(api.member, id)).toMatchObject({ status: 200 });
    await api.member.post(`/runs/${id}/cancel`, { reason: 'no longer needed' });
    expect(await next(api.member, id)).toMatchObject({ status: 409, body: { code: 'run_finished' } });
  });

  it('answers phase_failed with the failure, saves it, and starts a new attempt when called again', async () => {
    const id = await createRun(api.member, 'failing');
    const answer = await next<ProblemDto>(api.member, id);
    const failure = {
      code: 'exit_code',
      message: expect.stringContaining('7'),
      phase: 'work',
      step: 'do',
      exit_code: 7,
      signal: null,
    };
    expect(answer).toMatchObject({ status: 409, body: { code: 'phase_failed', failure } });
    const failed = await detail(api.member, id);
    expect(failed).toMatchObject({ status: 'failed', current_phase: 'work', failure });
    expect(failed.waiting_on).toMatchObject({ kind: 'advance' });
    expect(phaseOf(failed, 'work')).toMatchObject({ status: 'failed', attempt: 1, error: failure });
    expect(phaseOf(failed, 'work').steps[0]).toMatchObject({ status: 'failed', error: failure });
    await open();
    expect(await next(api.member, id)).toMatchObject({
      status: 200,
      body: { message: 'Advanced from work to rest' },
    });
    const mended = await detail(api.member, id);
    expect(mended).toMatchObject({ status: 'running', failure: null });
    expect(phaseOf(mended, 'work')).toMatchObject({ status: 'completed', attempt: 2, error: null });
  });

  it('tells the signal that ended a step', async () => {
    const id = await createRun(api.member, 'signalled');
    const answer = await next<ProblemDto>(api.member, id);
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'phase_failed', failure: { exit_code: null, signal: 'SIGKILL', step: 'do' } },
    });
  });

  it('never skips a failed step, whoever asks', async () => {
    const id = await createRun(api.member, 'failing');
    await next(api.member, id);
    const answer = await next<ProblemDto>(api.admin, id, { skip_validation: true, reason: 'hurry' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'phase_failed' } });
    const run = await detail(api.member, id);
    expect(run).toMatchObject({ status: 'failed', current_phase: 'work', waived_gates: 0 });
    expect(phaseOf(run, 'work').attempt).toBe(2);
  });

  it.each([
    ['a text for skip_validation', { skip_validation: 'yes' }, '/skip_validation'],
    ['an unknown field', { force: true }, '/force'],
    ['a reason that is too long', { skip_validation: true, reason: 'x'.repeat(2001) }, '/reason'],
    ['NUL in the reason', { reason: '\0' }, '/reason'],
  ])('refuses %s with a pointer, and executes nothing', async (_what, body, pointer) => {
    const id = await createRun(api.member, 'two');
    const answer = await next<ProblemDto>(api.member, id, body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect(phaseOf(await detail(api.member, id), 'plan').status).toBe('pending');
  });

  it('is not for viewers', async () => {
    const id = await createRun(api.member, 'two');
    expect(await next(api.viewer, id)).toMatchObject({ status: expect.any(Number) });
    expect([403, 404]).toContain((await next(api.viewer, id)).status);
  });

  it('executes an automatic run to its end without being called', async () => {
    await appendFile(gate, '');
    const id = await createRun(api.member, 'held', { auto_advance: true });
    const run = await runUntil(api.member, id, (seen) => seen.status === 'completed');
    expect(run.phases.map((phase) => [phase.status, phase.attempt])).toEqual([
      ['completed', 1],
      ['completed', 1],
    ]);
    expect(run).toMatchObject({ current_phase: 'rest', waiting_on: null, auto_advance: true });
  });
});
