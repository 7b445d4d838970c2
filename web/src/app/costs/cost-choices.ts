import type { Bar } from '../runs/run-detail/metrics-tab/bar-options';
import type { CostGroup } from './costs-gateway';

export const GROUPS: readonly { readonly by: CostGroup; readonly label: string }[] = [
  { by: 'day', label: 'Day' },
  { by: 'project', label: 'Project' },
  { by: 'profile', label: 'Profile' },
  { by: 'model', label: 'Model' },
  { by: 'person', label: 'Person' },
];

export const SPANS: readonly { readonly days: number; readonly label: string }[] = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'A year' },
];

/** The beginning (UTC) of the day from which `days` days, today included, are looked at. */
export function daysFrom(days: number, now: Date): string {
  const from = new Date(now);
  from.setUTCHours(0, 0, 0, 0);
  from.setUTCDate(from.getUTCDate() - Math.max(0, days - 1));
  return from.toISOString();
}

/** A bar for each day (UTC) from one time to another, days without a call included. */
export function everyDay(
  rows: readonly { readonly key: string; readonly cost_usd: number | null }[],
  from: string,
  to: string,
): Bar[] {
  const known = new Map(rows.map(({ key, cost_usd: cost }) => [key, cost ?? 0]));
  const bars: Bar[] = [];
  const end = new Date(to).toISOString().slice(0, 10);
  for (const day = new Date(from); ; day.setUTCDate(day.getUTCDate() + 1)) {
    const label = day.toISOString().slice(0, 10);
    if (label > end) return bars;
    bars.push({ label, values: [known.get(label) ?? 0] });
  }
}
