import Big from 'big.js';

/** US dollars per million tokens, as decimal strings. */
export interface Rates {
  readonly input: string;
  readonly output: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
}

export interface Price extends Rates {
  readonly provider: string;
  readonly model: string;
  /** First day (ISO date, UTC) on which it holds; absent: always. Of several, the latest holds. */
  readonly from?: string;
  /** For calls whose input, with what the cache holds of it, has more than `above` tokens. */
  readonly longContext?: Rates & { readonly above: number };
  readonly source: string;
  /** ISO date on which the source said so. */
  readonly date: string;
}

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/**
 * Cost of one call in US dollars, exact: tokens × price ÷ 1,000,000, as a decimal string with at most ten
 * fractional digits.
 */
export function costOf(tokens: TokenCounts, price: Price): string {
  const rates = ratesOf(tokens, price);
  const part = (count: number, perMillion: string): Big => new Big(count).times(perMillion);
  return inDollars(
    part(tokens.inputTokens, rates.input)
      .plus(part(tokens.outputTokens, rates.output))
      .plus(part(tokens.cacheReadTokens, rates.cacheRead))
      .plus(part(tokens.cacheWriteTokens, rates.cacheWrite)),
  );
}

/**
 * The most that a call can cost that uses at most these tokens: whatever it reads may be written to a cache, which
 * can cost more than reading it.
 */
export function worstCostOf(tokens: TokenCounts, price: Price): string {
  const { input, output, cacheRead, cacheWrite } = ratesOf(tokens, price);
  const dearest = [input, cacheRead, cacheWrite].reduce((a, b) => (new Big(a).gte(b) ? a : b));
  return inDollars(new Big(inputOf(tokens)).times(dearest).plus(new Big(tokens.outputTokens).times(output)));
}

const ratesOf = (tokens: TokenCounts, { longContext, ...rates }: Price): Rates =>
  longContext !== undefined && inputOf(tokens) > longContext.above ? longContext : rates;

const inputOf = ({ inputTokens, cacheReadTokens, cacheWriteTokens }: TokenCounts): number =>
  inputTokens + cacheReadTokens + cacheWriteTokens;

const inDollars = (perMillion: Big): string =>
  perMillion.times('0.000001').round(10, Big.roundHalfUp).toFixed();

/** The prices that hold on a day (ISO date, UTC), one for each model. */
export function pricesOn(day: string, prices: readonly Price[]): Price[] {
  const begun = prices.filter(({ from }) => from === undefined || from <= day);
  const later = (price: Price, other: Price): boolean =>
    price.provider === other.provider &&
    price.model === other.model &&
    (price.from ?? '') < (other.from ?? '');
  return begun.filter((price) => !begun.some((other) => later(price, other)));
}

/**
 * The price of a model: exact provider and model, else the longest listed model that the name begins with
 * before a date or version suffix (`claude-sonnet-4-5-20250929`). Undefined: unpriced.
 */
export function findPrice(prices: readonly Price[], provider: string, model: string): Price | undefined {
  const listed = prices.filter((price) => price.provider === provider);
  return (
    listed.find((price) => price.model === model) ??
    listed
      .filter(
        (price) =>
          /^[-@:](latest|v?\d{6,})/.test(model.slice(price.model.length)) && model.startsWith(price.model),
      )
      .sort((a, b) => b.model.length - a.model.length)[0]
  );
}
