import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { DurationPipe, formatDuration } from '../../shared/format/duration';
import { MoneyPipe } from '../../shared/format/money';
import { StatusBadge } from '../../shared/status/status-badge';
import type { ComparedPhase } from '../run-models';
import { differenceOf } from './compare-figures';

/** The phases of two runs beside each other, with the verdicts of their gates. */
@Component({
  selector: 'o-compare-phases',
  imports: [DurationPipe, MoneyPipe, StatusBadge],
  templateUrl: './compare-phases.html',
  styles: `
    .a {
      border-left: 1px solid var(--o-border);
    }
    tbody th {
      text-align: left;
      font-weight: 560;
      color: var(--o-text);
      white-space: normal;
    }
    .gate th {
      padding-left: var(--o-5);
      font-weight: 400;
      color: var(--o-text-2);
    }
    .differs {
      background: var(--o-warn-soft);
      color: var(--o-warn);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ComparePhases {
  readonly phases = input.required<readonly ComparedPhase[]>();
  protected readonly rows = computed(() =>
    this.phases().map((phase) => ({
      ...phase,
      difference: differenceOf(
        phase.a?.duration_seconds ?? null,
        phase.b?.duration_seconds ?? null,
        formatDuration,
      ),
      verdicts: phase.gates.map((gate) => ({ ...gate, same: gate.a?.status === gate.b?.status })),
    })),
  );
}
