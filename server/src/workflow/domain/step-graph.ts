import type { StepDefinition } from './profile.js';

export type StepState = 'pending' | 'running' | 'succeeded' | 'failed' | 'skipped';

type GraphStep = Pick<StepDefinition, 'id' | 'needs'>;

/**
 * The steps that may start now: pending, and everything they need has succeeded or was skipped.
 * @param states states by step id; a step that is not there is pending
 */
export function readySteps<Step extends GraphStep>(
  steps: readonly Step[],
  states: ReadonlyMap<string, StepState>,
): Step[] {
  const stateOf = (id: string): StepState => states.get(id) ?? 'pending';
  const isMet = (id: string): boolean => stateOf(id) === 'succeeded' || stateOf(id) === 'skipped';
  return steps.filter((step) => stateOf(step.id) === 'pending' && step.needs.every(isMet));
}

/**
 * The steps so that each comes after all that it needs; independent ones keep their written order.
 * @throws RangeError where the needs form a cycle or name an unknown step, which publishing has ruled out
 */
export function topologicalOrder<Step extends GraphStep>(steps: readonly Step[]): Step[] {
  const ordered: Step[] = [];
  const placed = new Set<string>();
  let rest = [...steps];
  while (rest.length > 0) {
    const next = rest.find((step) => step.needs.every((need) => placed.has(need)));
    if (next === undefined) throw new RangeError('The needs of these steps cannot be ordered');
    ordered.push(next);
    placed.add(next.id);
    rest = rest.filter((step) => step !== next);
  }
  return ordered;
}

/**
 * A cycle in the needs, as the ids along it with the first repeated at the end; null where there is none.
 * Needs that name no step are ignored.
 */
export function findCycle(steps: readonly GraphStep[]): string[] | null {
  const needsOf = new Map(steps.map((step) => [step.id, step.needs]));
  const finished = new Set<string>();
  for (const step of steps) {
    const cycle = cycleFrom(step.id, needsOf, finished);
    if (cycle !== null) return cycle;
  }
  return null;
}

function cycleFrom(
  start: string,
  needsOf: ReadonlyMap<string, readonly string[]>,
  finished: Set<string>,
  path: readonly string[] = [],
): string[] | null {
  if (path.includes(start)) return [...path.slice(path.indexOf(start)), start];
  if (finished.has(start)) return null;
  for (const need of needsOf.get(start) ?? []) {
    const cycle = cycleFrom(need, needsOf, finished, [...path, start]);
    if (cycle !== null) return cycle;
  }
  finished.add(start);
  return null;
}
