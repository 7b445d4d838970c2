import { describe, expect, it } from '@jest/globals';
import { readPattern } from './cron.js';
import { decideTick, type Due } from './decide-tick.js';

const at = (time: string): Date => new Date(`2026-03-${time}:00.000Z`);
const hourly = (change: Partial<Due> = {}): Due => ({
  cron: '0 * * * *',
  timeZone: 'UTC',
  overlap: 'skip',
  catchUp: 'once',
  nextRunAt: at('10T12:00'),
  ...change,
});

describe('a tick', () => {
  it('does nothing before its time', () => {
    expect(decideTick(hourly(), null, at('10T11:59'))).toEqual({ kind: 'nothing' });
    expect(decideTick(hourly({ nextRunAt: null }), null, at('10T11:59'))).toEqual({ kind: 'nothing' });
  });

  it('starts at its time, and the next one comes after it', () => {
    const now = at('10T12:00');
    expect(decideTick(hourly(), null, now)).toEqual({
      kind: 'start',
      at: now,
      next: at('10T13:00'),
      detail: null,
    });
  });

  it('is one for all that were missed, or none', () => {
    const now = at('10T15:20');
    expect(decideTick(hourly(), null, now)).toEqual({
      kind: 'start',
      at: at('10T15:00'),
      next: at('10T16:00'),
      detail: 'Also for ticks missed since 2026-03-10T12:00:00.000Z.',
    });
    expect(decideTick(hourly({ catchUp: 'none' }), null, now)).toMatchObject({
      kind: 'skip',
      at: at('10T15:00'),
    });
    expect(decideTick(hourly({ catchUp: 'none' }), null, at('10T12:04'))).toMatchObject({ kind: 'start' });
  });

  it('is left out, waits or starts while the run before it works', () => {
    const now = at('10T12:00');
    expect(decideTick(hourly(), 'r-1', now)).toMatchObject({
      kind: 'skip',
      detail: 'Run r-1 of the tick before was not over.',
    });
    expect(decideTick(hourly({ overlap: 'queue' }), 'r-1', now)).toEqual({ kind: 'nothing' });
    expect(decideTick(hourly({ overlap: 'allow' }), 'r-1', now)).toMatchObject({ kind: 'start' });
    const waited = decideTick(hourly({ overlap: 'queue', catchUp: 'none' }), null, at('10T12:40'));
    expect(waited).toMatchObject({ kind: 'start', at: now });
  });

  it('never comes again where its pattern ends', () => {
    const due = at('10T12:00');
    const once = hourly({ cron: '0 12 31 2 *', nextRunAt: due });
    expect(decideTick(once, null, due)).toMatchObject({ kind: 'start', at: due, next: null });
  });
});

describe('a pattern', () => {
  const nights = (zone: string, from: string) =>
    readPattern('30 2 * * *', zone)
      .after(new Date(from), 3)
      .map((time) => time.toISOString());

  it('follows daylight saving of its zone: skipped times come after the gap, doubled ones once', () => {
    expect(nights('Europe/Berlin', '2026-03-28T00:00:00Z')).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(nights('Europe/Berlin', '2026-10-24T00:00:00Z')).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  it('counts a time as its own latest', () => {
    const noon = at('10T12:00');
    expect(readPattern('0 * * * *', 'UTC').latest(noon)).toEqual(noon);
  });

  it.each(['* * * * * *', '61 * * * *', 'never', '', '0 0 * *'])('is refused as %j', (cron) => {
    expect(() => readPattern(cron, 'UTC')).toThrow();
  });

  it('is refused in a zone that there is not', () => {
    expect(() => readPattern('0 * * * *', 'Mars/Olympus')).toThrow('"Mars/Olympus" is not a time zone');
  });
});
