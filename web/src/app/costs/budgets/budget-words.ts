import { formatCount } from '../../shared/format/count';
import { formatMoney } from '../../shared/format/money';
import type { Budget } from '../costs-gateway';

/** What a budget counts, in words. */
export function subjectWords(budget: Budget): string {
  switch (budget.kind) {
    case 'month':
      return 'Everybody';
    case 'project':
      return `Project ${budget.subject ?? ''}`;
    case 'user':
      return budget.subject_name ?? 'A user who was removed';
    case 'phase':
      return `Phase ${budget.subject ?? ''}`;
  }
}

/** What is used of each of its limits. */
export function usedWords(budget: Budget): string[] {
  const money =
    budget.max_cost_usd === null
      ? []
      : [`${formatMoney(budget.spent_usd)} of ${formatMoney(budget.max_cost_usd)}`];
  const tokens =
    budget.max_tokens === null
      ? []
      : [`${formatCount(budget.spent_tokens)} of ${formatCount(budget.max_tokens)} tokens`];
  return [...money, ...tokens];
}

/** What it has kept from happening. */
export function stoppedWords({ stopped }: Budget): string {
  if (stopped.refusals === 0) return 'nothing';
  const counted = (n: number, what: string): string => `${String(n)} ${what}${n === 1 ? '' : 's'}`;
  return `${counted(stopped.steps, 'step')} of ${counted(stopped.runs, 'run')}, ${counted(stopped.refusals, 'call')}`;
}
