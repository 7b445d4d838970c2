import Big from 'big.js';
import type { ExecutorKind } from '../../workflow/domain/profile.js';
import { phaseDefinition, type Change } from './change.js';
import type { RunState, StepState } from './run-state.js';

/** What stands in the way of spending more in the current phase, as a sentence; null where nothing does. */
export function budgetReached(change: Change): string | null {
  return ownBudgetReached(change.run) ?? sharedBudgetReached(change);
}

function ownBudgetReached(run: RunState): string | null {
  const { budgetMaxCostUsd, budgetMaxTokens } = run;
  if (budgetMaxCostUsd !== null && new Big(run.costUsd).gte(budgetMaxCostUsd) && spentAnything(run)) {
    return `The run has cost ${shown(run.costUsd)} of ${shown(budgetMaxCostUsd)} US dollars; raise its budget to go on.`;
  }
  const tokens = run.inputTokens + run.outputTokens;
  if (budgetMaxTokens !== null && tokens >= budgetMaxTokens && spentAnything(run)) {
    return `The run has used ${String(tokens)} of ${String(budgetMaxTokens)} tokens; raise its budget to go on.`;
  }
  return null;
}

/** A budget that others have used up holds no run that uses no model. */
function sharedBudgetReached(change: Change): string | null {
  const { run } = change;
  const steps = phaseDefinition(change, run.currentPhase).steps;
  if (!spentAnything(run) && !steps.some(({ executor }) => mayUseModels(executor.kind))) return null;
  const reached = change.usedUp.find(({ phase }) => phase === null || phase === run.currentPhase);
  return reached?.sentence ?? null;
}

/** The budget that an agent's step waits for before it starts, as a sentence; null where it may start. */
export const heldByBudget = (change: Change, step: StepState): string | null =>
  mayUseModels(step.executor) ? budgetReached(change) : null;

/** Whether such a step is an agent's; a command may be one too, and is told by what it reported. */
function mayUseModels(executor: ExecutorKind): boolean {
  return executor !== 'command' && executor !== 'http' && executor !== 'approval';
}

/** A budget of nothing stops nothing that costs nothing. */
const spentAnything = (run: RunState): boolean =>
  run.inputTokens + run.outputTokens > 0 || new Big(run.costUsd).gt(0);

const shown = (amount: string): string => new Big(amount).toFixed();
