import type { StepDefinition } from '../../workflow/domain/profile.js';
import type { StepState } from './run-state.js';
import { isDone } from './step-status.js';

/**
 * Steps whose result is kept when a phase is tried again from one step on: those that are done and do not build on
 * it, directly or through others. A decision is about one attempt: it is asked for again.
 */
export function stepsToKeep(
  definitions: readonly StepDefinition[],
  steps: readonly StepState[],
  fromStep: string,
): StepState[] {
  const again = new Set([fromStep]);
  for (let before = 0; before !== again.size;) {
    before = again.size;
    for (const { id, needs } of definitions) if (needs.some((need) => again.has(need))) again.add(id);
  }
  return steps.filter(
    ({ key, status, executor }) => isDone(status) && executor !== 'approval' && !again.has(key),
  );
}
