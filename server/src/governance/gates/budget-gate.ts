import { counted } from '../content/wording.js';
import { Big } from 'big.js';
import type { PhaseEvidence } from '../domain/evidence.js';
import type { GateOf, Judgement } from './verdict.js';

/** The phase's usage is within the limits. A cost with calls that have no price is not a measured cost. */
export function judgeBudget(gate: GateOf<'budget'>, { usage }: PhaseEvidence): Judgement {
  const { maxCostUsd, maxTokens } = gate;
  const limits = [
    ...(maxCostUsd === null ? [] : [`≤ ${maxCostUsd} USD`]),
    ...(maxTokens === null ? [] : [`≤ ${counted(maxTokens, 'token')}`]),
  ];
  const threshold = limits.length === 0 ? null : limits.join(' and ');
  const remedy = 'Raise the budget, or let the phase use less, then run it again.';
  const unpriced = maxCostUsd !== null && usage.unpricedCalls > 0;
  const tooDear = maxCostUsd !== null && new Big(usage.costUsd).gt(maxCostUsd);
  const tooMany = maxTokens !== null && usage.tokens > maxTokens;
  const actual = `${usage.costUsd} USD, ${counted(usage.tokens, 'token')}`;
  if (unpriced && !tooDear && !tooMany) {
    return {
      result: 'unknown',
      threshold,
      actual: null,
      message: `The cost is not known: ${counted(usage.unpricedCalls, 'call')} of a model without a price.`,
      remedy: 'Add the price of the model to the price table, or waive the gate with a reason.',
      evidence: [],
    };
  }
  const met = !tooDear && !tooMany;
  const message = `The phase used ${actual}; the limit is ${threshold ?? 'not set'}.`;
  return { result: met ? 'met' : 'missed', threshold, actual, message, remedy, evidence: [] };
}
