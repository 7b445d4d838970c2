import Big from 'big.js';
import type { BudgetLimits } from './profile.js';
import type { BudgetSource } from './profile-source.js';

/** Limits in US dollars (decimal string without exponent) and tokens; null where there is none. */
export function normaliseBudget(source: BudgetSource = {}): BudgetLimits {
  return {
    maxCostUsd: source.max_cost_usd === undefined ? null : new Big(source.max_cost_usd).toFixed(),
    maxTokens: source.max_tokens ?? null,
  };
}
