import { readPattern } from './cron.js';

/** What happens when the run of the tick before still works: leave this one out, wait for it, or start beside it. */
export const OVERLAPS = ['skip', 'queue', 'allow'] as const;
export type Overlap = (typeof OVERLAPS)[number];

/** What happens to ticks that passed while no process was up: one run for all of them, or none. */
export const CATCH_UPS = ['once', 'none'] as const;
export type CatchUp = (typeof CATCH_UPS)[number];

export const TICK_OUTCOMES = ['started', 'skipped', 'refused'] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

export interface Due {
  readonly cron: string;
  readonly timeZone: string;
  readonly overlap: Overlap;
  readonly catchUp: CatchUp;
  readonly nextRunAt: Date | null;
}

export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'start'; readonly at: Date; readonly next: Date | null; readonly detail: string | null }
  | { readonly kind: 'skip'; readonly at: Date; readonly next: Date | null; readonly detail: string };

/** Later than this, a tick counts as missed. */
const LATE_MS = 5 * 60_000;

/**
 * What the schedule does at this moment. All ticks that are due become one, the latest of them.
 * @param working the run of the tick before that is not over yet; null where there is none
 */
export function decideTick(schedule: Due, working: string | null, now: Date): Decision {
  const due = schedule.nextRunAt;
  if (due === null || due > now) return { kind: 'nothing' };
  if (working !== null && schedule.overlap === 'queue') return { kind: 'nothing' };
  const pattern = readPattern(schedule.cron, schedule.timeZone);
  const latest = pattern.latest(now);
  const at = latest !== null && latest > due ? latest : due;
  const next = pattern.after(now, 1)[0] ?? null;
  if (working !== null && schedule.overlap === 'skip') {
    return { kind: 'skip', at, next, detail: `Run ${working} of the tick before was not over.` };
  }
  const missed = now.getTime() - at.getTime() > LATE_MS && schedule.overlap !== 'queue';
  if (missed && schedule.catchUp === 'none') {
    return { kind: 'skip', at, next, detail: 'No process was up at the time.' };
  }
  return {
    kind: 'start',
    at,
    next,
    detail: at > due ? `Also for ticks missed since ${due.toISOString()}.` : null,
  };
}
