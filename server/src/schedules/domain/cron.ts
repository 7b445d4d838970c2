import { Cron } from 'croner';

/** A time after which a pattern never fits again, or before which it never did, is null. */
export interface Pattern {
  /** Up to `count` times after this one, soonest first. */
  after(time: Date, count: number): readonly Date[];
  /** The last time up to this one, itself included. */
  latest(time: Date): Date | null;
}

/**
 * A cron pattern of five fields (minute, hour, day of the month, month, day of the week) in an IANA time zone. A fixed
 * time that daylight saving skips happens right after the gap, one that comes twice happens once.
 * @throws Error in words when the pattern or the zone is wrong
 */
export function readPattern(cron: string, timeZone: string): Pattern {
  const pattern = new Cron(cron, { mode: '5-part', timezone: zoneOf(timeZone), paused: true });
  return {
    after: (time, count) => pattern.nextRuns(count, time),
    latest: (time) => pattern.previousRuns(1, new Date(time.getTime() + 1000))[0] ?? null,
  };
}

function zoneOf(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    throw new Error(`"${timeZone}" is not a time zone, as "Europe/Berlin" or "UTC" is`);
  }
}
