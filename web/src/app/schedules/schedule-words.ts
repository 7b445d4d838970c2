import type { Schedule } from './schedules-gateway';

const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
const NUMBER = /^\d{1,2}$/;

/** The patterns that people use most, in words; any other one as it is written. */
export function cronWords(cron: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().split(/\s+/);
  if (month !== '*') return cron;
  if (day === '*' && weekday === '*') return everyDay(minute, hour) ?? cron;
  if (!NUMBER.test(minute) || !NUMBER.test(hour)) return cron;
  const at = `at ${clock(hour, minute)}`;
  if (day === '*' && weekday === '1-5') return `on working days ${at}`;
  if (day === '*' && /^[0-7]$/.test(weekday)) return `${DAYS[Number(weekday) % 7] ?? ''} ${at}`;
  return weekday === '*' && NUMBER.test(day) ? `on day ${day} of every month ${at}` : cron;
}

function everyDay(minute: string, hour: string): string | null {
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (hour === '*' && minute === '*') return 'every minute';
  if (hour === '*' && step !== undefined) return `every ${step} minutes`;
  if (hour === '*' && NUMBER.test(minute)) return `every hour at minute ${minute}`;
  return NUMBER.test(minute) && NUMBER.test(hour) ? `every day at ${clock(hour, minute)}` : null;
}

const clock = (hour: string, minute: string): string => `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;

export const OVERLAPS: readonly { readonly value: Schedule['overlap']; readonly label: string }[] = [
  { value: 'skip', label: 'leave this one out' },
  { value: 'queue', label: 'wait until it is over' },
  { value: 'allow', label: 'start beside it' },
];

export const CATCH_UPS: readonly { readonly value: Schedule['catch_up']; readonly label: string }[] = [
  { value: 'once', label: 'make one run for all of them' },
  { value: 'none', label: 'make none' },
];

/** A moment as the zone's clocks show it. */
export function zonedTime(at: string, timeZone: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}
