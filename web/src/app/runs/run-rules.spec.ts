import {
  ADMIN,
  aBlockedRun,
  aGate,
  aPhase,
  aRun,
  aStep,
  aSummary,
  MEMBER,
  VIEWER,
} from '../../testing/fixtures';
import { legalActions, mayRetryFrom, mayReturnTo } from './legal-actions';
import type { RunDetail, WaitingKind } from './run-models';
import { standingSentence, waitingPhrase } from './waiting-words';
import { phaseSeconds, stepSeconds, workingSeconds } from './working-time';
import { actionQuestion } from './run-detail/header/action-question';

const AT = '2026-11-22T12:00:00.000Z';
const waiting = (kind: WaitingKind) => ({ kind, since: AT, detail: 'Because.' });
const APPROVAL = { step: 'signoff', role: 'member', count: 1, self_approval: false, decisions: [] } as const;
const awaiting = (approval: Partial<RunDetail['phases'][number]['approval']> = {}): RunDetail =>
  aRun({
    waiting_on: waiting('approval'),
    phases: [aPhase('test', 'awaiting_approval', { approval: { ...APPROVAL, decisions: [], ...approval } })],
  });

describe('what a person may do with a run', () => {
  it('is nothing without permission to operate', () => {
    expect(legalActions(aBlockedRun(), VIEWER)).toEqual([]);
    expect(legalActions(aBlockedRun(), null)).toEqual([]);
  });

  it('is to put it away once it is over, in two steps, or to clone it', () => {
    expect(legalActions(aRun({ status: 'completed' }), ADMIN)).toEqual(['archive', 'clone']);
    expect(legalActions(aRun({ status: 'cancelled' }), ADMIN)).toEqual(['archive', 'clone']);
    expect(legalActions(aRun({ status: 'cancelled', archived_at: AT }), ADMIN)).toEqual(['erase', 'clone']);
  });

  it('is only to clone it for somebody who creates runs and operates none', () => {
    const actor = { ...MEMBER, permissions: ['runs:create'] as const };
    expect(legalActions(aBlockedRun(), { ...actor, permissions: [...actor.permissions] })).toEqual(['clone']);
  });

  it('is to return to the end of a completed phase that others came after', () => {
    const [plan, build, test] = [
      aPhase('plan', 'completed'),
      aPhase('build', 'completed'),
      aPhase('test', 'pending'),
    ];
    const run = aRun({ phases: [plan, build, test] });
    expect([plan, build, test].map((phase) => mayReturnTo(run, phase, MEMBER))).toEqual([true, false, false]);
    expect(mayReturnTo(run, plan, VIEWER)).toBe(false);
    expect(mayReturnTo({ ...run, status: 'cancelled' }, plan, ADMIN)).toBe(false);
  });

  it('is within what the run is shared for', () => {
    expect(legalActions({ ...aBlockedRun(), access: 'edit' }, MEMBER)).toEqual(['retry', 'cancel', 'clone']);
    expect(legalActions({ ...aBlockedRun(), access: 'view' }, MEMBER)).toEqual(['clone']);
    expect(legalActions({ ...awaiting(), access: 'view' }, MEMBER)).toEqual(['approve', 'reject', 'clone']);
    const run = { ...aBlockedRun(), access: 'view' as const };
    expect(run.phases.some((phase) => mayRetryFrom(run, phase, MEMBER))).toBe(false);
  });

  it('is to retry from a step of the phase that failed', () => {
    const run = aBlockedRun();
    const at = run.phases.find(({ phase }) => phase === run.current_phase);
    expect(run.phases.map((phase) => mayRetryFrom(run, phase, MEMBER))).toEqual(
      run.phases.map((phase) => phase === at),
    );
    expect(run.phases.some((phase) => mayRetryFrom(run, phase, VIEWER))).toBe(false);
    expect(run.phases.some((phase) => mayRetryFrom({ ...run, status: 'paused' }, phase, ADMIN))).toBe(false);
  });

  it('is to start a phase that waits for it, and to skip it where it is optional', () => {
    const run = (optional: boolean) =>
      aRun({ waiting_on: waiting('advance'), phases: [aPhase('test', 'pending', { optional })] });
    expect(legalActions(run(false), MEMBER)).toEqual(['advance', 'pause', 'cancel', 'clone']);
    expect(legalActions(run(true), MEMBER)).toEqual(['advance', 'skip', 'pause', 'cancel', 'clone']);
  });

  it('is to pause, cancel or clone while a phase executes', () => {
    expect(legalActions(aRun({ waiting_on: waiting('phase') }), ADMIN)).toEqual(['pause', 'cancel', 'clone']);
  });

  it('is to retry a blocked phase, and to waive its gates only with that permission', () => {
    expect(legalActions(aBlockedRun(), MEMBER)).toEqual(['retry', 'cancel', 'archive', 'clone']);
    expect(legalActions(aBlockedRun(), ADMIN)).toEqual(['retry', 'waive', 'cancel', 'archive', 'clone']);
  });

  it('is not to waive a phase whose step failed', () => {
    const run = aRun({ status: 'failed', phases: [aPhase('test', 'failed', { gates: [] })] });
    expect(legalActions(run, ADMIN)).toEqual(['retry', 'cancel', 'archive', 'clone']);
  });

  it('is to resume or cancel a paused run', () => {
    expect(legalActions(aRun({ status: 'paused' }), MEMBER)).toEqual(['resume', 'cancel', 'clone']);
  });

  it('is to decide on an approval of a run of somebody else', () => {
    expect(legalActions(awaiting(), MEMBER)).toEqual(['approve', 'reject', 'pause', 'cancel', 'clone']);
  });

  it('is to decide on an approval while other steps execute', () => {
    const run = awaiting();
    const phases = run.phases.map((phase) => ({
      ...phase,
      status: 'in_progress' as const,
      steps: [aStep({ step: phase.approval?.step ?? '', executor: 'approval', status: 'waiting' })],
    }));
    expect(legalActions({ ...run, phases }, MEMBER)).toEqual([
      'approve',
      'reject',
      'pause',
      'cancel',
      'clone',
    ]);
    const decided = phases.map((phase) => ({ ...phase, steps: [] }));
    expect(legalActions({ ...run, phases: decided }, MEMBER)).toEqual(['pause', 'cancel', 'clone']);
  });

  it('is not to approve one’s own run where the profile forbids it', () => {
    expect(legalActions(awaiting(), ADMIN)).toEqual(['pause', 'cancel', 'clone']);
    expect(legalActions(awaiting({ self_approval: true }), ADMIN)).toContain('approve');
  });

  it('is not to approve above one’s role, nor twice', () => {
    expect(legalActions(awaiting({ role: 'admin' }), MEMBER)).not.toContain('approve');
    const decision = { user_id: 'u-2', name: 'Grace', decision: 'approved', comment: null, at: AT } as const;
    expect(legalActions(awaiting({ count: 2, decisions: [decision] }), MEMBER)).not.toContain('approve');
  });
});

describe('what a run waits for', () => {
  it.each([
    ['advance', 'you to advance it'],
    ['phase', 'Test to finish'],
    ['approval', 'an approval'],
    ['agent', 'an agent or a delivery by hand'],
    ['budget', 'a larger budget'],
  ] as const)('%s is told as "%s"', (kind, words) => {
    expect(waitingPhrase(aSummary({ waiting_on: waiting(kind) }))).toBe(words);
  });

  it('is nothing when it waits for nothing', () => {
    expect(waitingPhrase(aSummary())).toBeNull();
  });

  it.each([
    [{ status: 'completed' }, 'Every phase is complete.'],
    [{ status: 'cancelled' }, 'Cancelled in Test; nothing more will happen.'],
    [{ status: 'paused' }, 'Paused in Test; resume it to go on.'],
    [{ status: 'failed', waiting_on: waiting('advance') }, 'Stopped in Test; waits for a retry.'],
    [
      { status: 'failed', waiting_on: { ...waiting('advance'), detail: 'Mend it, or waive the gate.' } },
      'Stopped in Test; waits for a retry or a waiver.',
    ],
    [{ status: 'failed', waiting_on: null }, 'Stopped in Test; waits for a retry.'],
    [{ status: 'failed', waiting_on: waiting('budget') }, 'Stopped in Test: the budget is used up.'],
    [{ waiting_on: null }, 'Test is about to start.'],
    [{ waiting_on: waiting('advance') }, 'Test is ready to start.'],
    [{ waiting_on: waiting('phase') }, 'Test is executing.'],
    [{ waiting_on: waiting('approval') }, 'Test waits for an approval.'],
    [{ waiting_on: waiting('worker') }, 'Test waits for a worker.'],
    [{ waiting_on: waiting('agent') }, 'Test waits for an agent, or for a delivery by hand.'],
    [{ waiting_on: waiting('retry') }, 'Test waits to be tried again.'],
    [{ waiting_on: waiting('budget') }, 'Test waits for a larger budget.'],
  ] as const)('stands in the headline of %j', (change, words) => {
    expect(standingSentence(aSummary(change))).toBe(words);
  });
});

describe('working time', () => {
  const now = new Date('2026-11-22T12:00:30.000Z');

  it('is not measured before a phase started', () => {
    expect(workingSeconds([aPhase('build', 'pending')], now)).toBeNull();
  });

  it('sums what ended and what the executing phase has taken so far', () => {
    const phases = [aPhase('build', 'completed'), aPhase('test', 'in_progress'), aPhase('doc', 'pending')];
    expect(workingSeconds(phases, now)).toBe(40);
  });

  it('of a second attempt counts from its own steps, not from the first start', () => {
    const step = aStep({ queued_at: '2026-11-22T12:00:20.000Z' });
    const phase = aPhase('test', 'in_progress', { duration_seconds: 7, attempt: 2, steps: [step] });
    expect(phaseSeconds(phase, now)).toBe(17);
    expect(phaseSeconds({ ...phase, steps: [] }, now)).toBe(7);
  });

  it('of a step grows only while it runs', () => {
    expect(stepSeconds(aStep({ status: 'running', duration_seconds: null }), now)).toBe(30);
    expect(stepSeconds(aStep(), now)).toBe(4);
  });
});

describe('what is asked before an action', () => {
  const run = aRun();
  it('is the reason of a waiver, with the gates it goes past', () => {
    const one = actionQuestion('waive', run, [aGate()]);
    expect(one).toMatchObject({ title: 'Waive the blocked gate?', required: true, danger: true });
    expect(one?.points).toEqual(['tests_pass: tests.pass_rate is 0.5, not ≥ 1.']);
    expect(actionQuestion('waive', run, [aGate(), aGate()])?.title).toBe('Waive 2 blocked gates?');
  });

  it('is the comment when changes are asked for, and an optional one for an approval', () => {
    expect(actionQuestion('reject', run, [])?.required).toBe(true);
    expect(actionQuestion('approve', run, [])?.required).toBe(false);
  });

  it('is a yes for what cannot be taken back, and nothing for the rest', () => {
    expect(actionQuestion('cancel', run, [])?.label).toBeNull();
    expect(actionQuestion('skip', run, [])?.label).toBeNull();
    expect(actionQuestion('advance', run, [])).toBeNull();
    expect(actionQuestion('pause', run, [])).toBeNull();
  });
});
