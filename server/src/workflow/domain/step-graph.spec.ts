import { describe, expect, it } from '@jest/globals';
import { findCycle, readySteps, topologicalOrder, type StepState } from './step-graph.js';

const step = (id: string, ...needs: string[]): { id: string; needs: string[] } => ({ id, needs });
const ids = (steps: readonly { id: string }[]): string[] => steps.map((each) => each.id);
const states = (given: Record<string, StepState>): Map<string, StepState> => new Map(Object.entries(given));

const DIAMOND = [step('last', 'left', 'right'), step('left', 'first'), step('right', 'first'), step('first')];

describe('readySteps', () => {
  it('starts with the steps that need nothing', () => {
    expect(ids(readySteps(DIAMOND, states({})))).toEqual(['first']);
  });

  it('lets independent steps start together once what they need has succeeded', () => {
    expect(ids(readySteps(DIAMOND, states({ first: 'succeeded' })))).toEqual(['left', 'right']);
  });

  it('counts a skipped step as met', () => {
    expect(ids(readySteps(DIAMOND, states({ first: 'skipped' })))).toEqual(['left', 'right']);
  });

  it('holds a step back while one of several needs is still running', () => {
    const now = states({ first: 'succeeded', left: 'succeeded', right: 'running' });
    expect(ids(readySteps(DIAMOND, now))).toEqual([]);
  });

  it('never starts what needs a failed step', () => {
    expect(ids(readySteps(DIAMOND, states({ first: 'failed' })))).toEqual([]);
  });

  it('never starts a step twice', () => {
    const all = states({ first: 'succeeded', left: 'running', right: 'failed' });
    expect(ids(readySteps(DIAMOND, all))).toEqual([]);
  });
});

describe('topologicalOrder', () => {
  it('puts every step after what it needs and keeps the written order otherwise', () => {
    expect(ids(topologicalOrder(DIAMOND))).toEqual(['first', 'left', 'right', 'last']);
    expect(ids(topologicalOrder([step('b'), step('a')]))).toEqual(['b', 'a']);
  });

  it('refuses a circle', () => {
    expect(() => topologicalOrder([step('a', 'b'), step('b', 'a')])).toThrow(RangeError);
  });
});

describe('findCycle', () => {
  it('finds none in a diamond', () => {
    expect(findCycle(DIAMOND)).toBeNull();
  });

  it('names the circle alone, without the way to it', () => {
    expect(findCycle([step('start', 'a'), step('a', 'b'), step('b', 'c'), step('c', 'a')])).toEqual([
      'a',
      'b',
      'c',
      'a',
    ]);
  });

  it('finds a step that needs itself', () => {
    expect(findCycle([step('a', 'a')])).toEqual(['a', 'a']);
  });

  it('stays quick on a graph with very many paths', () => {
    const layers = Array.from({ length: 100 }, (_, layer) =>
      ['x', 'y'].map((side) => {
        const below = String(layer - 1);
        return step(`${side}${String(layer)}`, ...(layer === 0 ? [] : [`x${below}`, `y${below}`]));
      }),
    ).flat();
    expect(findCycle(layers.reverse())).toBeNull();
  });
});
