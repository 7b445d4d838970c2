import { describe, expect, it } from '@jest/globals';
import { loadPrices } from '../prices.js';
import { costOf, findPrice, pricesOn, worstCostOf, type Price } from './price.js';

const PRICE: Price = {
  ...{ provider: 'p', model: 'm', input: '3', output: '15', cacheRead: '0.30', cacheWrite: '3.75' },
  longContext: { above: 1000, input: '6', output: '22.50', cacheRead: '0.60', cacheWrite: '7.50' },
  ...{ source: 's', date: '2026-01-01' },
};
const tokens = (inputTokens: number, outputTokens = 0, cacheReadTokens = 0, cacheWriteTokens = 0) => ({
  ...{ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens },
});

describe('the cost of a call', () => {
  it('is exact to the last digit', () => {
    expect(costOf(tokens(1, 1, 1, 1), PRICE)).toBe('0.00002205');
    expect(costOf(tokens(333, 7), PRICE)).toBe('0.001104');
    expect(costOf(tokens(0), PRICE)).toBe('0');
  });

  it('follows the price of long input where all that was read is more, the cache included', () => {
    expect(costOf(tokens(1000), PRICE)).toBe('0.003');
    expect(costOf(tokens(1001), PRICE)).toBe('0.006006');
    expect(costOf(tokens(1, 1, 1000), PRICE)).toBe('0.0006285');
  });

  it('is at its worst where everything that is read is written to a cache', () => {
    expect(worstCostOf(tokens(100, 10), PRICE)).toBe('0.000525');
    expect(worstCostOf(tokens(2000), PRICE)).toBe('0.015');
  });
});

describe('the price table', () => {
  const prices = loadPrices();

  it('has a place and a day for every price, and no model twice', () => {
    for (const price of prices) {
      expect(price.source).toMatch(/^https:\/\//u);
      expect(price.date).toMatch(/^20\d\d-\d\d-\d\d$/u);
      for (const rate of [price.input, price.output, price.cacheRead, price.cacheWrite]) {
        expect(Number(rate)).toBeGreaterThan(0);
      }
      const long = price.longContext;
      if (long !== undefined) {
        expect(Number(long.input)).toBeGreaterThanOrEqual(Number(price.input));
        expect(Number(long.output)).toBeGreaterThanOrEqual(Number(price.output));
      }
    }
    for (const day of ['2026-11-30', '2027-01-01']) {
      const held = pricesOn(day, prices);
      expect(new Set(held.map(({ provider, model }) => `${provider}/${model}`)).size).toBe(held.length);
    }
  });

  it('has the price of the day where a source announces another one', () => {
    const input = (day: string) => findPrice(pricesOn(day, prices), 'google', 'gemini-3.8-flash')?.input;
    expect([input('2026-12-31'), input('2027-01-01'), input('2030-06-01')]).toEqual(['0.75', '1.50', '1.50']);
  });

  it.each([
    ['google', 'gemini-3.1-pro-preview', 200_000, '0.4102', '0.814404'],
    ['google', 'gemini-2.5-pro', 200_000, '0.258875', '0.5127525'],
    ['openai', 'gpt-6.2-sol', 272_000, '0.5521', '1.099204'],
  ])(
    'charges %s %s more from one token above %d on, to the last digit',
    (provider, model, above, at, over) => {
      const price = findPrice(prices, provider, model);
      if (price === undefined) throw new Error(`${model} has no price`);
      // What was read from the cache counts for the threshold as well.
      expect(costOf(tokens(above - 1000, 1000, 1000), price)).toBe(at);
      expect(costOf(tokens(above - 999, 1000, 1000), price)).toBe(over);
    },
  );

  it('knows dated versions of its models, and no others', () => {
    expect(findPrice(prices, 'anthropic', 'claude-sonnet-4-5-20250929')?.model).toBe('claude-sonnet-4-5');
    expect(findPrice(prices, 'openai', 'gpt-5-mini')?.model).toBe('gpt-5-mini');
    expect(findPrice(prices, 'openai', 'gpt-5-pro')).toBeUndefined();
    expect(findPrice(prices, 'somebody', 'claude-sonnet-4-5')).toBeUndefined();
  });
});
