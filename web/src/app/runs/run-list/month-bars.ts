/** The first instant of the month (UTC, as the days of costs are). */
export const monthFrom = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));

/**
 * The height of each day of the month up to today, 0 – `height`; the dearest day is the highest. A day that cost
 * anything at all is at least 1 high, so that it is seen.
 */
export function dailyBars(
  rows: readonly { readonly key: string; readonly cost_usd: number | null }[],
  now: Date,
  height: number,
): number[] {
  const month = monthFrom(now).toISOString().slice(0, 8);
  const spent = new Map(rows.map((row) => [row.key.slice(0, 10), row.cost_usd ?? 0]));
  const days = Array.from({ length: now.getUTCDate() }, (_, day) => {
    return spent.get(month + String(day + 1).padStart(2, '0')) ?? 0;
  });
  const most = Math.max(...days);
  return days.map((cost) => (cost > 0 ? Math.max(1, Math.round((cost / most) * height)) : 0));
}
