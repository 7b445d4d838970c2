import { describe, expect, it } from '@jest/globals';
import { isPassed, isActive, PHASE_STATUSES, PHASE_TRANSITIONS } from './phase-status.js';
import { isFinished, RUN_STATUSES, RUN_TRANSITIONS } from './run-status.js';
import { isDone, isOpen, STEP_STATUSES, STEP_TRANSITIONS } from './step-status.js';
import { assertTransition, IllegalTransition } from './transition.js';

interface Machine {
  readonly name: string;
  readonly states: readonly string[];
  readonly table: Readonly<Record<string, readonly string[]>>;
  readonly start: string;
  readonly terminal: readonly string[];
}

const MACHINES: readonly Machine[] = [
  { name: 'run', states: RUN_STATUSES, table: RUN_TRANSITIONS, start: 'running', terminal: ['cancelled'] },
  {
    name: 'phase',
    states: PHASE_STATUSES,
    table: PHASE_TRANSITIONS,
    start: 'pending',
    terminal: ['cancelled'],
  },
  {
    name: 'step',
    states: STEP_STATUSES,
    table: STEP_TRANSITIONS,
    start: 'pending',
    terminal: ['failed', 'skipped', 'cancelled'],
  },
];

function reachable({ table, start }: Machine): Set<string> {
  const seen = new Set([start]);
  for (const state of seen) for (const next of table[state] ?? []) seen.add(next);
  return seen;
}

describe.each(MACHINES)('the state machine of a $name', (machine) => {
  const { states, table, terminal } = machine;

  it('has every state and knows no other', () => {
    expect(Object.keys(table).sort()).toEqual([...states].sort());
    expect([...new Set(Object.values(table).flat())].filter((state) => !states.includes(state))).toEqual([]);
  });

  it('reaches every state from its start', () => {
    expect([...reachable(machine)].sort()).toEqual([...states].sort());
  });

  it('leaves every state but the terminal ones, which are empty', () => {
    expect(states.filter((state) => table[state]?.length === 0).sort()).toEqual([...terminal].sort());
  });

  it('never moves a state to itself', () => {
    expect(states.filter((state) => table[state]?.includes(state))).toEqual([]);
  });

  it('reaches an end from every state', () => {
    const ends = states.filter((state) =>
      [...reachable({ ...machine, start: state })].some((end) => terminal.includes(end)),
    );
    expect(ends).toEqual(states);
  });

  it('throws on every move that the table does not have, and on no other', () => {
    for (const from of states) {
      for (const to of states) {
        const move = (): void => {
          assertTransition('It', table, from, to);
        };
        if (table[from]?.includes(to)) expect(move).not.toThrow();
        else expect(move).toThrow(IllegalTransition);
      }
    }
  });
});

describe('what the states mean', () => {
  it('is said once for each', () => {
    expect(RUN_STATUSES.filter(isFinished)).toEqual(['completed', 'cancelled']);
    expect(PHASE_STATUSES.filter(isPassed)).toEqual(['completed', 'skipped']);
    expect(PHASE_STATUSES.filter(isActive)).toEqual(['in_progress', 'awaiting_approval']);
    expect(STEP_STATUSES.filter(isDone)).toEqual(['succeeded', 'skipped']);
    expect(STEP_STATUSES.filter(isOpen)).toEqual(['pending', 'queued', 'running', 'waiting']);
  });
});
