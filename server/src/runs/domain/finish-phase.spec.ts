import { describe, expect, it } from '@jest/globals';
import { newChange, START, work } from '../../../test/runs/change-builder.js';
import type { GateVerdict } from '../../governance/domain/evidence.js';
import type { Change } from './change.js';
import { finishPhase, judge, waivePhase } from './finish-phase.js';
import { startPhase } from './start-phase.js';

const verdict = (gateId: string, status: GateVerdict['status']): GateVerdict => ({
  gateId,
  kind: 'artifact',
  status,
  severity: 'block',
  weight: 1,
  definition: {
    id: gateId,
    kind: 'artifact',
    artifact: 'a.md',
    minSize: 1,
    sections: [],
    schema: null,
    severity: 'block',
    weight: 1,
    remedy: null,
  },
  threshold: null,
  actual: null,
  message: `${gateId} says so.`,
  remedy: null,
  evidence: [],
});
const BY = { by: { id: 'u', name: 'Ada' }, reason: 'known' };

describe('what the verdicts of a phase mean', () => {
  it('is clear without gates, and where all pass or warn', () => {
    expect(judge([], null)).toEqual({ kind: 'clear' });
    expect(judge([verdict('a', 'passed'), verdict('b', 'warned')], null)).toEqual({
      kind: 'clear',
    });
  });

  it('is clear also where a waiver was asked for, when none blocks', () => {
    expect(judge([verdict('a', 'warned')], BY)).toEqual({ kind: 'clear' });
  });

  it('blocks with the first reason, the number of the others and all their names', () => {
    expect(judge([verdict('a', 'passed'), verdict('b', 'blocked')], null)).toEqual({
      kind: 'blocked',
      gates: ['b'],
      message: 'Gate b blocked: b says so.',
    });
    expect(
      judge([verdict('a', 'blocked'), verdict('b', 'blocked'), verdict('c', 'blocked')], null),
    ).toMatchObject({
      gates: ['a', 'b', 'c'],
      message: 'Gate a blocked (and 2 more): a says so.',
    });
  });

  it('is waived by who asked beforehand, for the gates that block alone', () => {
    expect(judge([verdict('a', 'blocked'), verdict('b', 'warned')], BY)).toEqual({
      kind: 'waived',
      gates: ['a'],
      by: BY,
    });
  });
});

describe('the end of a phase', () => {
  const evaluated = (autoAdvance = false): Change => {
    const change = newChange(
      ['plan', 'build'].map((name) => ({ name, steps: [{ id: 'do', command: 'x' }] })),
      { autoAdvance },
    );
    startPhase(change);
    work(change, 'do');
    return { ...change, now: new Date(START.getTime() + 2500) };
  };

  it('makes the next phase current and keeps the checkpoint and the working time', () => {
    const change = evaluated();
    finishPhase(change, { kind: 'clear' }, 'abc');
    expect(change.run).toMatchObject({ status: 'running', currentPhase: 'build', workingMs: 2500 });
    expect(change.phases.map(({ status, checkpoint }) => [status, checkpoint])).toEqual([
      ['completed', 'abc'],
      ['pending', null],
    ]);
    expect(change.attempt).toBeNull();
  });

  it('starts the next phase of a run that advances by itself', () => {
    const change = evaluated(true);
    finishPhase(change, { kind: 'clear' }, null);
    expect(change.phases[1]).toMatchObject({ status: 'in_progress', attempt: 1 });
    expect(change.jobs.at(-1)).toMatchObject({ kind: 'run_step' });
  });

  it('counts the working time once when a blocked phase is waived later', () => {
    const change = evaluated();
    finishPhase(change, { kind: 'blocked', gates: ['g'], message: 'Gate g blocked.' }, 'abc');
    expect(change.run).toMatchObject({ status: 'failed', failure: { code: 'governance_blocked' } });
    const later: Change = { ...change, now: new Date(START.getTime() + 3_600_000) };
    waivePhase(later, ['g'], BY);
    expect(later.run).toMatchObject({
      status: 'running',
      currentPhase: 'build',
      workingMs: 2500,
      waivedGates: 1,
      failure: null,
    });
    expect(later.phases[0]).toMatchObject({ status: 'completed', checkpoint: 'abc', error: null });
    expect(later.events.filter((event) => event.type === 'gate.waived')).toEqual([
      expect.objectContaining({ phase: 'plan', data: { gate_id: 'g', by: BY.by, reason: 'known' } }),
    ]);
  });
});
