import { Pipe, type PipeTransform } from '@angular/core';

const pad = (value: number): string => String(value).padStart(2, '0');

/**
 * Words for a length of time in seconds: `0.4 s`, `12.3 s`, `2 m 05 s`, `1 h 02 m`, `3 d 4 h`.
 * null is a dash: it was not measured.
 */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${String(Math.floor(whole / 60))} m ${pad(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${String(Math.floor(minutes / 60))} h ${pad(minutes % 60)} m`;
  const hours = Math.round(minutes / 60);
  return `${String(Math.floor(hours / 24))} d ${String(hours % 24)} h`;
}

@Pipe({ name: 'duration' })
export class DurationPipe implements PipeTransform {
  transform(seconds: number | null | undefined): string {
    return formatDuration(seconds);
  }
}
