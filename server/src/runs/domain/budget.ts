import Big from 'big.js';
import type { RunState } from './run-state.js';

/** What stands in the way of spending more, as a sentence; null where nothing does. */
export function budgetReached(run: RunState): string | null {
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

/** A budget of nothing stops nothing that costs nothing. */
const spentAnything = (run: RunState): boolean =>
  run.inputTokens + run.outputTokens > 0 || new Big(run.costUsd).gt(0);

const shown = (amount: string): string => new Big(amount).toFixed();
