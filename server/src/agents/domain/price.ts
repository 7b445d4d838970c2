import Big from 'big.js';

/** US dollars per million tokens, as decimal strings. */
export interface Price {
  readonly provider: string;
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly cacheRead: string;
  readonly cacheWrite: string;
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
  const part = (count: number, perMillion: string): Big => new Big(count).times(perMillion);
  return part(tokens.inputTokens, price.input)
    .plus(part(tokens.outputTokens, price.output))
    .plus(part(tokens.cacheReadTokens, price.cacheRead))
    .plus(part(tokens.cacheWriteTokens, price.cacheWrite))
    .times('0.000001')
    .round(10, Big.roundHalfUp)
    .toFixed();
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
