import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { sentence, statusLook } from './status-look';

export interface StripPhase {
  readonly phase: string;
  readonly status: string;
}

/** Beyond these, segments are narrower. */
const MANY = 6;

/** The phases of a run as small segments: coloured by status, the executing one pulsing. */
@Component({
  selector: 'o-phase-strip',
  imports: [MatTooltip],
  template: `
    <span class="strip" [class.many]="phases().length > MANY" role="img" [attr.aria-label]="words()">
      @for (segment of segments(); track segment.phase) {
        <span [class]="segment.css" [matTooltip]="segment.words"></span>
      }
    </span>
    <span class="count num" aria-hidden="true">{{ done() }}/{{ phases().length }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 8px;
    }
    .strip {
      display: inline-flex;
      gap: 2px;
    }
    .many {
      --segment: 11px;
    }
    .strip > span {
      width: var(--segment, 20px);
      height: 10px;
      border-radius: 2px;
      border: 1px solid transparent;
    }
    .count {
      font-size: var(--o-text-s);
      color: var(--o-text-3);
    }
    .run {
      background: var(--o-run-solid);
    }
    .ok {
      background: var(--o-ok-solid);
    }
    .warn {
      background: repeating-linear-gradient(135deg, var(--o-warn-solid) 0 3px, var(--o-warn-soft) 3px 5px);
    }
    .bad {
      background: repeating-linear-gradient(90deg, var(--o-bad-solid) 0 4px, var(--o-bad-soft) 4px 6px);
    }
    .strip > .idle {
      background: var(--o-idle-soft);
      border-color: var(--o-idle-solid);
    }
    .strip > .skipped {
      border-style: dashed;
      background: transparent;
    }
    .in_progress {
      animation: pulse 1.6s ease-in-out infinite;
    }
    @keyframes pulse {
      50% {
        opacity: 0.45;
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PhaseStrip {
  readonly phases = input.required<readonly StripPhase[]>();
  protected readonly MANY = MANY;

  protected readonly segments = computed(() =>
    this.phases().map(({ phase, status }) => ({
      phase,
      css: `${statusLook(status).tone} ${status}`,
      words: `${sentence(phase)}: ${statusLook(status).label.toLowerCase()}`,
    })),
  );
  protected readonly done = computed(
    () => this.phases().filter(({ status }) => status === 'completed' || status === 'skipped').length,
  );
  protected readonly words = computed(() =>
    this.segments()
      .map((segment) => segment.words)
      .join(', '),
  );
}
