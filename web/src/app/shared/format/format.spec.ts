import { formatBytes } from './bytes';
import { formatDuration } from './duration';
import { formatMoney } from './money';
import { relativeTime } from './relative-time';
import { shortId } from './short-id';

describe('durations', () => {
  it.each([
    [null, '–'],
    [Number.NaN, '–'],
    [0.42, '0.4 s'],
    [59.94, '59.9 s'],
    [59.96, '1 m 00 s'],
    [125, '2 m 05 s'],
    [3725, '1 h 02 m'],
    [3599.9, '1 h 00 m'],
    [86_400 * 3 + 3600 * 4, '3 d 4 h'],
  ])('shows %s seconds as %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });
});

describe('money', () => {
  it.each([
    [null, '–'],
    ['', '–'],
    ['abc', '–'],
    [0, '$0.00'],
    ['0.0210', '$0.0210'],
    [0.00001, '< $0.0001'],
    [1234.5, '$1,234.50'],
  ])('shows %s as %s', (amount, words) => {
    expect(formatMoney(amount)).toBe(words);
  });
});

describe('sizes', () => {
  it.each([
    [null, '–'],
    [0, '0 B'],
    [1023, '1023 B'],
    [2048, '2.0 KiB'],
    [5 * 1024 ** 3, '5.0 GiB'],
  ])('shows %s bytes as %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe('relative times', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  it.each([
    ['2026-11-22T11:59:58Z', 'just now'],
    ['2026-11-22T11:59:40Z', '20 s ago'],
    ['2026-11-22T11:30:00Z', '30 min ago'],
    ['2026-11-22T13:30:00Z', 'in 1 h'],
    ['2026-11-19T12:00:00Z', '3 d ago'],
    ['2024-11-19T12:00:00Z', '2 y ago'],
  ])('shows %s as %s', (at, words) => {
    expect(relativeTime(new Date(at), now)).toBe(words);
  });
});

it('shortens an id to its last eight characters, which the search finds', () => {
  expect(shortId('0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10')).toBe('2e5a7c10');
});
