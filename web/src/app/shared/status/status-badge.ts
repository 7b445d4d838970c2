import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { LucideDynamicIcon } from '@lucide/angular';
import { statusLook } from './status-look';

/** A status as icon, word and colour. */
@Component({
  selector: 'o-status',
  imports: [LucideDynamicIcon],
  template: `<svg [lucideIcon]="look().icon" size="14" aria-hidden="true"></svg>{{ look().label }}`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      height: 22px;
      padding: 0 8px 0 6px;
      border-radius: var(--o-radius-small);
      font-size: var(--o-text-s);
      font-weight: 560;
      white-space: nowrap;
    }
    :host(.run) {
      background: var(--o-run-soft);
      color: var(--o-run);
    }
    :host(.ok) {
      background: var(--o-ok-soft);
      color: var(--o-ok);
    }
    :host(.warn) {
      background: var(--o-warn-soft);
      color: var(--o-warn);
    }
    :host(.bad) {
      background: var(--o-bad-soft);
      color: var(--o-bad);
    }
    :host(.hold) {
      background: var(--o-hold-soft);
      color: var(--o-hold);
    }
    :host(.idle) {
      background: var(--o-idle-soft);
      color: var(--o-idle);
    }
  `,
  host: { '[class]': 'look().tone' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatusBadge {
  readonly status = input.required<string>();
  protected readonly look = computed(() => statusLook(this.status()));
}
