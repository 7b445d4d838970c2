import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { costOf, worstCostOf, type Price, type TokenCounts } from '../../src/agents/domain/price.js';
import { PgModelAccount } from '../../src/budgets/pg-model-account.js';
import type { UsagePlace } from '../../src/agents/usage.repository.js';
import { assertHealthy } from '../../src/doctor/doctor.js';
import { QUICK, startTestApp, type TestApp } from '../support/test-app.js';
import { heldBy, makeBudget, publishWaiting, reserve, waitingRun } from './spending.js';

const PRICED: Pick<Price, 'input' | 'output' | 'cacheRead' | 'cacheWrite'> = {
  ...{ input: '3', output: '15', cacheRead: '0.3', cacheWrite: '3.75' },
};
const MAX_USD = '0.05';
const MAX_TOKENS = 20_000;
const GAMES = 12;

type Move =
  | { readonly kind: 'reserve'; readonly worst: TokenCounts }
  | { readonly kind: 'settle'; readonly which: number; readonly share: number }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'give_up'; readonly which: number };

const count = fc.integer({ min: 0, max: 3000 });
const anyTokens: fc.Arbitrary<TokenCounts> = fc.record({
  ...{ inputTokens: count, outputTokens: count, cacheReadTokens: count, cacheWriteTokens: count },
});
const which = fc.nat(20);
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('reserve'), worst: anyTokens }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('settle'), which, share: fc.integer({ min: 0, max: 100 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('release', 'give_up'), which }) },
);

interface ModelCall {
  readonly worst: TokenCounts;
  readonly id: string;
  open: boolean;
  settled: boolean;
}

/** What an account is, without a database: two sums and two limits. */
class SimpleAccount {
  readonly calls: ModelCall[] = [];
  spent = new Big(0);
  tokens = 0;

  get reserved(): Big {
    return this.openCalls.reduce((sum, { worst }) => sum.plus(worstOf(worst)), new Big(0));
  }

  get reservedTokens(): number {
    return this.openCalls.reduce((sum, { worst }) => sum + allOf(worst), 0);
  }

  fits(worst: TokenCounts): boolean {
    const cost = new Big(worstOf(worst));
    const money = cost.eq(0) || this.spent.plus(this.reserved).plus(cost).lte(MAX_USD);
    return money && (allOf(worst) === 0 || this.tokens + this.reservedTokens + allOf(worst) <= MAX_TOKENS);
  }

  settle(call: ModelCall, used: TokenCounts): void {
    if (call.settled) return;
    Object.assign(call, { open: false, settled: true });
    this.spent = this.spent.plus(costOf(used, priced));
    this.tokens += used.inputTokens + used.outputTokens;
  }

  private get openCalls(): ModelCall[] {
    return this.calls.filter(({ open }) => open);
  }
}

const priced = { ...PRICED, provider: 'p', model: 'm', source: '', date: '' };
const worstOf = (worst: TokenCounts): string => worstCostOf(worst, priced);
const allOf = (worst: TokenCounts): number =>
  worst.inputTokens + worst.outputTokens + worst.cacheReadTokens + worst.cacheWriteTokens;
const part = (tokens: TokenCounts, share: number): TokenCounts => {
  const of = (n: number): number => Math.floor((n * share) / 100);
  return {
    ...{ inputTokens: of(tokens.inputTokens), outputTokens: of(tokens.outputTokens) },
    ...{ cacheReadTokens: of(tokens.cacheReadTokens), cacheWriteTokens: of(tokens.cacheWriteTokens) },
  };
};

describe('the account, against the simplest one', () => {
  let api: TestApp;
  let games = 0;
  beforeAll(async () => {
    api = await startTestApp({ limits: QUICK });
    await publishWaiting(api, 'thinks');
  });
  afterAll(() => api.stop());

  /** One move of both; they allow the same. */
  async function play(simple: SimpleAccount, place: UsagePlace, move: Move): Promise<void> {
    const account = api.app.get(PgModelAccount, { strict: false });
    if (move.kind === 'reserve') {
      const fits = simple.fits(move.worst);
      const { callId } = await reserve(api, place, move.worst);
      expect(callId !== null).toBe(fits);
      if (callId !== null) simple.calls.push({ worst: move.worst, id: callId, open: true, settled: false });
      return;
    }
    const call = simple.calls[move.which % Math.max(1, simple.calls.length)];
    if (call === undefined) return;
    if (move.kind === 'give_up') return account.giveUp(call.id);
    if (move.kind === 'release') {
      call.open = false;
      return account.release(call.id);
    }
    // What was released was never sent; it is not settled after that.
    if (!call.open && !call.settled) return;
    const used = part(call.worst, move.share);
    simple.settle(call, used);
    await account.settle(call.id, used);
  }

  it('allows the same calls and holds the same sums, whatever is done in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMove, { minLength: 5, maxLength: 25 }), async (moves) => {
        games += 1;
        const subject = `game-${String(games)}`;
        const budget = await makeBudget(api, { subject, maxCostUsd: MAX_USD, maxTokens: MAX_TOKENS });
        const place = await waitingRun(api, 'thinks', { project_name: subject });
        const simple = new SimpleAccount();
        for (const move of moves) {
          await play(simple, place, move);
          expect(await heldBy(api, budget)).toEqual({
            ...{ spent: simple.spent.toFixed(), tokens: String(simple.tokens) },
            ...{ reserved: simple.reserved.toFixed(), reservedTokens: String(simple.reservedTokens) },
          });
          expect(simple.spent.plus(simple.reserved).lte(MAX_USD)).toBe(true);
        }
      }),
      { numRuns: GAMES },
    );
    await assertHealthy(api.database.dataSource);
  });
});
