/** What was not measured. */
export const NOTHING = '–';

/** A time in seconds as people say it: `4.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** US dollars: cents, or as many digits as a smaller amount needs. */
export function money(dollars: number | null): string {
  if (dollars === null) return NOTHING;
  if (dollars === 0 || dollars >= 0.01) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toPrecision(2)}`;
}

/** A size in bytes with binary units. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** step;
  return `${step === 0 ? String(value) : value.toFixed(1)} ${units[step] ?? 'B'}`;
}

/** Seconds since a time; never below 0, since two clocks may differ. @param now milliseconds */
export const secondsSince = (iso: string, now: number): number => Math.max(0, (now - Date.parse(iso)) / 1000);

/** A time as date and minute, in UTC. */
export const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

/** A score of 0–1 as a percentage; where it was not measured, that it was not. */
export const score = (value: number, measured: boolean): string =>
  measured ? `${(value * 100).toFixed(0)} %` : 'not measured';
