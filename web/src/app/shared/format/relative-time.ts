import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Clock } from './clock';

const STEPS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400 * 365, 'y'],
  [86_400 * 30, 'mo'],
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [5, 's'],
];

/** How long ago a moment was, or how far ahead it lies, in its largest unit. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const distance = Math.abs(seconds);
  const step = STEPS.find(([size]) => distance >= size);
  if (step === undefined) return 'just now';
  const words = `${String(Math.floor(distance / step[0]))} ${step[1]}`;
  return seconds >= 0 ? `${words} ago` : `in ${words}`;
}

/** Exact local time with its zone. */
export function exactTime(at: Date): string {
  return at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });
}

/** A moment, relative to now, with the exact time on hover. */
@Component({
  selector: 'o-time',
  imports: [MatTooltip],
  template: `@if (words(); as shown) {
      <time [attr.datetime]="at()" [matTooltip]="exact()">{{ shown }}</time>
    } @else {
      <span class="muted">–</span>
    }`,
  styles: 'time { white-space: nowrap; font-variant-numeric: tabular-nums; }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RelativeTime {
  /** ISO 8601. */
  readonly at = input.required<string | null>();
  private readonly clock = inject(Clock);
  private readonly date = computed(() => {
    const at = this.at();
    return at === null ? null : new Date(at);
  });
  protected readonly words = computed(() => {
    const date = this.date();
    return date === null ? null : relativeTime(date, this.clock.now());
  });
  protected readonly exact = computed(() => {
    const date = this.date();
    return date === null ? '' : exactTime(date);
  });
}
