import { describe, expect, it } from '@jest/globals';
import { failing, newChange, START, stepOf, work } from '../../../test/runs/change-builder.js';
import type { Change } from './change.js';
import { cancelRun, changeBudget, pauseRun } from './control.js';
import { finishPhase } from './finish-phase.js';
import { claimStep, holdBack } from './finish-step.js';
import { startPhase } from './start-phase.js';
import { summarise } from './summarise.js';

const step = (kind: object): Change => {
  const change = newChange([{ name: 'plan', steps: [{ id: 'do', agent: 'architect', ...kind }] }]);
  startPhase(change);
  summarise(change);
  return change;
};

describe('the summary of a run', () => {
  it('waits to be advanced when it was created', () => {
    const change = newChange([{ name: 'plan', steps: [{ id: 'do', command: 'x' }] }]);
    summarise(change);
    expect(change.run).toMatchObject({
      waitingKind: 'advance',
      waitingDetail: 'Advance to execute plan.',
      waitingSince: START,
      phasesDone: 0,
      phaseStates: [{ phase: 'plan', status: 'pending' }],
    });
  });

  it.each([
    [{ command: 'x' }, 'phase', 'Queued: do.'],
    [{ llm: { role: 'r', task: 't' } }, 'agent', 'agent architect'],
    [{ worker: {} }, 'worker', 'worker'],
    [{ approval: {} }, 'approval', 'decision'],
  ])('says what a phase with %p waits for', (kind, waitingKind, detail) => {
    expect(step(kind).run).toMatchObject({ waitingKind, waitingDetail: expect.stringContaining(detail) });
  });

  it('names the steps that execute, and then that the gates are evaluated', () => {
    const change = step({ command: 'x' });
    claimStep(change, stepOf(change, 'do'), { workerId: 'w', leaseMs: 1000 });
    summarise(change);
    expect(change.run).toMatchObject({ waitingKind: 'phase', waitingDetail: 'Executing plan: do.' });
    const done = step({ command: 'x' });
    work(done, 'do');
    summarise(done);
    expect(done.run).toMatchObject({ waitingKind: 'phase', waitingDetail: 'Evaluating the gates of plan.' });
  });

  it('says when a failed try is tried again, and why', () => {
    const change = step({ command: 'x', retry: { attempts: 2 } });
    work(change, 'do', failing('spawn', true));
    summarise(change);
    expect(change.run.waitingKind).toBe('retry');
    expect(change.run.waitingDetail).toMatch(/^Step do is tried again at 2026-.*Z: It failed: spawn\.$/);
  });

  it('tells how to go on after a failure and after a gate that blocks', () => {
    const failed = step({ command: 'x' });
    work(failed, 'do', failing('exit_code', false));
    summarise(failed);
    expect(failed.run).toMatchObject({ status: 'failed', waitingKind: 'advance' });
    expect(failed.run.waitingDetail).toContain('Retry it.');
    const blocked = step({ command: 'x' });
    work(blocked, 'do');
    finishPhase(blocked, { kind: 'blocked', gates: ['g'], message: 'Gate g blocked.' }, null);
    summarise(blocked);
    expect(blocked.run.waitingDetail).toMatch(/^Gate g blocked\..*waive/);
  });

  it('waits for the budget where the next phase must not spend more', () => {
    const change = newChange([{ name: 'plan', steps: [{ id: 'do', command: 'x' }] }], {
      budgetMaxTokens: 10,
      inputTokens: 10,
    });
    summarise(change);
    expect(change.run).toMatchObject({
      waitingKind: 'budget',
      waitingDetail: expect.stringContaining('10 of 10'),
    });
  });

  it('waits for the budget no longer once that is raised, before the steps that it held have asked again', () => {
    const llm = { llm: { role: 'r', task: 't' } };
    const running = step(llm);
    claimStep(running, stepOf(running, 'do'), { workerId: 'w', leaseMs: 1000 });
    stepOf(running, 'do').budgetHold = 'The run has cost 5 of 5 US dollars.';
    const waiting = step(llm);
    Object.assign(waiting.run, { budgetMaxTokens: 10, inputTokens: 10 });
    holdBack(waiting, stepOf(waiting, 'do'), 'The run has used 10 of 10 tokens.');
    for (const change of [running, waiting]) {
      summarise(change);
      expect(change.run.waitingKind).toBe('budget');
    }
    waiting.jobs.length = 0;
    for (const change of [running, waiting]) {
      changeBudget(change, { maxCostUsd: '9', maxTokens: 90 });
      summarise(change);
    }
    expect(running.run).toMatchObject({ waitingKind: 'phase', waitingDetail: 'Executing plan: do.' });
    expect(running.events.map(({ type }) => type)).toContain('step.resumed');
    expect(waiting.run).toMatchObject({
      waitingKind: 'agent',
      waitingDetail: expect.stringContaining('architect'),
    });
    expect(waiting.jobs).toEqual([{ kind: 'offer_step', stepId: stepOf(waiting, 'do').id, runAt: START }]);
  });

  it('waits for nothing when it is paused, cancelled or complete', () => {
    const paused = step({ command: 'x' });
    pauseRun(paused);
    const cancelled = step({ command: 'x' });
    cancelRun(cancelled, null);
    const complete = step({ command: 'x' });
    work(complete, 'do');
    finishPhase(complete, { kind: 'clear' }, 'commit');
    for (const change of [paused, cancelled, complete]) {
      summarise(change);
      expect(change.run).toMatchObject({ waitingKind: null, waitingSince: null, waitingDetail: null });
    }
    expect(complete.run).toMatchObject({ status: 'completed', phasesDone: 1, completedAt: START });
  });

  it('waits since the moment that what it waits for changed', () => {
    const change = step({ command: 'x' });
    const later: Change = { ...change, now: new Date(START.getTime() + 60_000) };
    summarise(later);
    expect(later.run).toMatchObject({ waitingSince: START, updatedAt: later.now });
    claimStep(later, stepOf(later, 'do'), { workerId: 'w', leaseMs: 1000 });
    summarise(later);
    expect(later.run.waitingSince).toEqual(later.now);
  });
});
