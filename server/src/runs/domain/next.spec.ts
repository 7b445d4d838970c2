import { describe, expect, it } from '@jest/globals';
import { failing, newChange, work } from '../../../test/runs/change-builder.js';
import type { Change } from './change.js';
import { cancelRun, pauseRun } from './control.js';
import { finishPhase } from './finish-phase.js';
import { decideNext } from './next.js';
import { startPhase } from './start-phase.js';

const PHASES = [
  { name: 'plan', steps: [{ id: 'do', command: 'x' }] },
  { name: 'build', steps: [{ id: 'ok', approval: {} }] },
];
const started = (): Change => {
  const change = newChange(PHASES);
  startPhase(change);
  return change;
};
const blocked = (): Change => {
  const change = started();
  work(change, 'do');
  finishPhase(change, { kind: 'blocked', gates: ['g'], message: 'Gate g blocked.' }, null);
  return change;
};

describe('what next does', () => {
  it('starts a pending phase, whether or not validation is to be skipped', () => {
    expect(decideNext(newChange(PHASES), false)).toEqual({ kind: 'start' });
    expect(decideNext(newChange(PHASES), true)).toEqual({ kind: 'start' });
  });

  it('refuses a phase that executes', () => {
    expect(decideNext(started(), true)).toMatchObject({ kind: 'refuse', code: 'phase_in_progress' });
  });

  it('refuses a phase that awaits an approval', () => {
    const change = newChange(PHASES.slice(1));
    startPhase(change);
    expect(decideNext(change, true)).toMatchObject({ kind: 'refuse', code: 'approval_required' });
  });

  it('refuses a paused run before anything else, and one that has ended', () => {
    const paused = started();
    pauseRun(paused);
    expect(decideNext(paused, true)).toMatchObject({ kind: 'refuse', code: 'run_paused' });
    const cancelled = started();
    cancelRun(cancelled, null);
    expect(decideNext(cancelled, false)).toMatchObject({ kind: 'refuse', code: 'run_finished' });
  });

  it('starts a failed phase again, and never waives a failed step', () => {
    const change = started();
    work(change, 'do', failing('exit_code', false));
    expect(change.run.status).toBe('failed');
    expect(decideNext(change, false)).toEqual({ kind: 'start' });
    expect(decideNext(change, true)).toEqual({ kind: 'start' });
  });

  it('starts a blocked phase again, and waives its gates where asked to', () => {
    expect(decideNext(blocked(), false)).toEqual({ kind: 'start' });
    expect(decideNext(blocked(), true)).toEqual({ kind: 'waive' });
  });

  it('lets the gates judge again where what they judged has changed, whatever the budget: it costs nothing', () => {
    const change = blocked();
    Object.assign(change.run, { budgetMaxTokens: 1, inputTokens: 1 });
    expect(decideNext(change, false)).toMatchObject({ code: 'budget_exceeded' });
    if (change.attempt !== null) change.attempt.reopenedAt = change.now;
    expect(decideNext(change, false)).toEqual({ kind: 'judge_again' });
    expect(decideNext(change, true)).toEqual({ kind: 'judge_again' });
  });

  it('refuses at a spent budget, but not at one of nothing that was not touched', () => {
    const spent = { budgetMaxCostUsd: '0.021', costUsd: '0.0210000000', inputTokens: 1 };
    expect(decideNext(newChange(PHASES, spent), false)).toMatchObject({ code: 'budget_exceeded' });
    expect(decideNext(newChange(PHASES, { ...spent, costUsd: '0.0209999999' }), false)).toEqual({
      kind: 'start',
    });
    expect(decideNext(newChange(PHASES, { budgetMaxTokens: 0 }), false)).toEqual({ kind: 'start' });
  });
});
