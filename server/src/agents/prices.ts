import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Price } from './domain/price.js';

/** The price table, a data file with the source and date of every entry. */
export function loadPrices(): readonly Price[] {
  const file = JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')) as {
    prices: Price[];
  };
  return file.prices;
}
