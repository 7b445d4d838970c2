import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { Clock } from './clock';

interface TimeStep {
  /** Shown from this many seconds on. */
  readonly from: number;
  readonly size: number;
  readonly name: string;
}

const STEPS: readonly TimeStep[] = [
  { from: 86_400 * 365, size: 86_400 * 365, name: 'y' },
  { from: 86_400 * 30, size: 86_400 * 30, name: 'mo' },
  { from: 86_400, size: 86_400, name: 'd' },
  { from: 3600, size: 3600, name: 'h' },
  { from: 60, size: 60, name: 'min' },
  { from: 5, size: 1, name: 's' },
];

/** How long ago a moment was, or how far ahead it lies, in its largest unit. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const distance = Math.abs(seconds);
  const step = STEPS.find(({ from }) => distance >= from);
  if (step === undefined) return 'just now';
  const words = `${String(Math.floor(distance / step.size))} ${step.name}`;
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
