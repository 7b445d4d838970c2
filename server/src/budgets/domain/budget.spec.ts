import { describe, expect, it } from '@jest/globals';
import { crossesWarning, percentOf, reachedSentence, refusalOf, type BudgetLine } from './budget.js';

const line = (changes: Partial<BudgetLine> = {}): BudgetLine => ({
  ...{ budget: 'b', name: 'budget of project x', maxCostUsd: '1', maxTokens: 1000 },
  ...{ costUsd: '0.5', tokens: 500, reservedUsd: '0.2', reservedTokens: 200 },
  ...changes,
});

describe('a call', () => {
  it('fits up to the limit and not a ten-billionth beyond', () => {
    expect(refusalOf(line(), { costUsd: '0.3', tokens: 300 })).toBeNull();
    expect(refusalOf(line(), { costUsd: '0.3000000001', tokens: 1 })).toBe(
      'The budget of project x has 0.3 of 1 US dollars left (0.5 spent and 0.2 reserved by calls that have not ended), and the next call may cost 0.3000000001; raise the budget to go on.',
    );
    expect(refusalOf(line(), { costUsd: '0', tokens: 301 })).toContain('has 300 of 1000 tokens left');
  });

  it('that costs nothing passes a budget of nothing', () => {
    const nothing = line({ maxCostUsd: '0', maxTokens: null, costUsd: '0', reservedUsd: '0' });
    expect(refusalOf(nothing, { costUsd: '0', tokens: 5 })).toBeNull();
    expect(refusalOf(nothing, { costUsd: null, tokens: 5 })).toBeNull();
    expect(refusalOf(nothing, { costUsd: '0.01', tokens: 5 })).not.toBeNull();
  });

  it('is refused where more was reported than was allowed, and nothing is left', () => {
    expect(refusalOf(line({ costUsd: '3' }), { costUsd: '0.1', tokens: 1 })).toContain(
      'has 0 of 1 US dollars',
    );
  });
});

describe('a budget', () => {
  it('is used up when what was spent reaches a limit, whatever is reserved', () => {
    expect(reachedSentence(line())).toBeNull();
    expect(reachedSentence(line({ costUsd: '0.9', reservedUsd: '0.5' }))).toBeNull();
    expect(reachedSentence(line({ costUsd: '1' }))).toContain('is used up: 1 of 1 US dollars');
    expect(reachedSentence(line({ tokens: 1000 }))).toContain('is used up: 1000 of 1000 tokens');
  });

  it('warns when four fifths are passed, and not again', () => {
    const more = { costUsd: '0.1', tokens: 0 };
    expect(crossesWarning(line({ costUsd: '0.69' }), more)).toBe(false);
    expect(crossesWarning(line({ costUsd: '0.7' }), more)).toBe(true);
    expect(crossesWarning(line({ costUsd: '0.8' }), more)).toBe(false);
    expect(crossesWarning(line({ maxCostUsd: '0', maxTokens: null }), more)).toBe(false);
  });

  it('shows the larger share of its limits, reservations included', () => {
    expect(percentOf(line())).toBe(70);
    expect(percentOf(line({ tokens: 1200 }))).toBe(140);
    expect(percentOf(line({ maxCostUsd: '0', maxTokens: null }))).toBe(100);
    expect(percentOf(line({ maxCostUsd: null, maxTokens: null }))).toBeNull();
  });
});
