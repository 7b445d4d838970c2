import Big from 'big.js';

/** What a shared budget counts: everything, or the runs of one project or owner, or one phase of one profile. */
export const BUDGET_KINDS = ['month', 'project', 'user', 'phase'] as const;
export type BudgetKind = (typeof BUDGET_KINDS)[number];

/** `month`: a calendar month, UTC; `none`: from the first call on. */
export const BUDGET_PERIODS = ['none', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/**
 * `reserved`: being made. `settled`: in the ledger. `released`: not made. `unknown`: whoever made it ended before
 * saying what it used; its worst case stays reserved until an administrator settles or releases it.
 */
export const CALL_STATES = ['reserved', 'settled', 'released', 'unknown'] as const;
export type CallState = (typeof CALL_STATES)[number];

/** Limits in US dollars (decimal string) and tokens, and what counts against them. */
export interface BudgetLine {
  /** Id of a shared budget; `run` and `phase` are the limits that come with a run. */
  readonly budget: string;
  /** What it is called in a sentence, such as `budget of project payments`. */
  readonly name: string;
  readonly maxCostUsd: string | null;
  readonly maxTokens: number | null;
  readonly costUsd: string;
  readonly tokens: number;
  readonly reservedUsd: string;
  readonly reservedTokens: number;
}

/** What one call may use; money is null where the model has no price. */
export interface Amount {
  readonly costUsd: string | null;
  readonly tokens: number;
}

/** From this share of a limit on, somebody is told. */
const WARNING = '0.8';

/** Why a call that may use so much does not fit, as a sentence; null where it fits. */
export function refusalOf(line: BudgetLine, worst: Amount): string | null {
  const money = line.maxCostUsd === null ? null : new Big(line.maxCostUsd);
  const cost = new Big(worst.costUsd ?? 0);
  if (money !== null && cost.gt(0) && cost.plus(line.costUsd).plus(line.reservedUsd).gt(money)) {
    const left = money.minus(line.costUsd).minus(line.reservedUsd);
    return sentence(
      line,
      `${shown(atLeastZero(left))} of ${shown(money)} US dollars`,
      `cost ${shown(cost)}`,
      {
        spent: shown(line.costUsd),
        reserved: shown(line.reservedUsd),
      },
    );
  }
  const { maxTokens } = line;
  if (
    maxTokens !== null &&
    worst.tokens > 0 &&
    line.tokens + line.reservedTokens + worst.tokens > maxTokens
  ) {
    const left = Math.max(0, maxTokens - line.tokens - line.reservedTokens);
    return sentence(line, `${String(left)} of ${String(maxTokens)} tokens`, `use ${String(worst.tokens)}`, {
      spent: String(line.tokens),
      reserved: String(line.reservedTokens),
    });
  }
  return null;
}

function sentence(
  { name }: BudgetLine,
  left: string,
  wish: string,
  { spent, reserved }: { readonly spent: string; readonly reserved: string },
): string {
  const held = new Big(reserved).gt(0) ? ` and ${reserved} reserved by calls that have not ended` : '';
  return `The ${name} has ${left} left (${spent} spent${held}), and the next call may ${wish}; raise the budget to go on.`;
}

/** What was spent has reached a limit, as a sentence; null where none is reached. */
export function reachedSentence(line: BudgetLine): string | null {
  const { maxCostUsd, maxTokens } = line;
  if (maxCostUsd !== null && new Big(line.costUsd).gte(maxCostUsd)) {
    return `The ${line.name} is used up: ${shown(line.costUsd)} of ${shown(maxCostUsd)} US dollars; raise it to go on.`;
  }
  if (maxTokens !== null && line.tokens >= maxTokens) {
    return `The ${line.name} is used up: ${String(line.tokens)} of ${String(maxTokens)} tokens; raise it to go on.`;
  }
  return null;
}

/** Whether spending so much more takes a line past the share of one of its limits that is worth a warning. */
export function crossesWarning(before: BudgetLine, more: Amount): boolean {
  const crosses = (
    limit: string | number | null,
    spent: string | number,
    added: string | number,
  ): boolean => {
    if (limit === null) return false;
    const mark = new Big(limit).times(WARNING);
    return mark.gt(spent) && new Big(spent).plus(added).gte(mark);
  };
  return (
    crosses(before.maxCostUsd, before.costUsd, more.costUsd ?? 0) ||
    crosses(before.maxTokens, before.tokens, more.tokens)
  );
}

/**
 * The larger share of a line's limits that is spent or reserved, in percent rounded down; a limit of 0 is used up.
 * Null where it has no limit.
 */
export function percentOf(line: BudgetLine): number | null {
  const share = (limit: string | number | null, used: Big): number[] => {
    if (limit === null) return [];
    return [new Big(limit).eq(0) ? 100 : used.times(100).div(limit).round(0, Big.roundDown).toNumber()];
  };
  const shares = [
    ...share(line.maxCostUsd, new Big(line.costUsd).plus(line.reservedUsd)),
    ...share(line.maxTokens, new Big(line.tokens).plus(line.reservedTokens)),
  ];
  return shares.length === 0 ? null : Math.max(...shares);
}

/** What a budget is called within a sentence. */
export function nameOf(kind: BudgetKind, subject: string, period: string): string {
  const when = period === 'all' ? '' : ` for ${period}`;
  switch (kind) {
    case 'month':
      return `budget of everybody${when}`;
    case 'project':
      return `budget of project ${subject}${when}`;
    case 'user':
      return `budget of the run's owner${when}`;
    case 'phase':
      return `budget of phase ${subject}${when}`;
  }
}

const atLeastZero = (amount: Big): Big => (amount.lt(0) ? new Big(0) : amount);
const shown = (amount: string | Big): string => new Big(amount).toFixed();
