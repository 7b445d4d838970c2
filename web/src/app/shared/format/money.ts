import { Pipe, type PipeTransform } from '@angular/core';

/**
 * US dollars: two decimals from a dollar up, four below it, so that the price of a single call can be read.
 * null is a dash: nothing is known.
 */
export function formatMoney(amount: number | string | null | undefined): string {
  if (amount === null || amount === undefined || amount === '') return '–';
  const value = Number(amount);
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '$0.00';
  if (value > 0 && value < 0.0001) return '< $0.0001';
  const digits = Math.abs(value) < 1 ? 4 : 2;
  const formatted = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `$${formatted}`;
}

@Pipe({ name: 'money' })
export class MoneyPipe implements PipeTransform {
  transform(amount: number | string | null | undefined): string {
    return formatMoney(amount);
  }
}
