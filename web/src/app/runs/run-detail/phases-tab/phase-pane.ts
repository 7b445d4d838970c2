import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Clock } from '../../../shared/format/clock';
import { DurationPipe } from '../../../shared/format/duration';
import { RelativeTime } from '../../../shared/format/relative-time';
import { StatusBadge } from '../../../shared/status/status-badge';
import { blockedGates } from '../../legal-actions';
import type { PhaseInfo, RunDetail } from '../../run-models';
import { phaseSeconds } from '../../working-time';
import { GateTable } from './gate-table';
import { StepPane } from './step-pane';

/** The chosen phase: what it did, why its gates decided as they did, and its chosen step. */
@Component({
  selector: 'o-phase-pane',
  imports: [DurationPipe, GateTable, RelativeTime, RouterLink, StatusBadge, StepPane],
  templateUrl: './phase-pane.html',
  styleUrl: './phase-pane.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PhasePane {
  readonly run = input.required<RunDetail>();
  readonly phase = input.required<PhaseInfo>();
  readonly stepId = input.required<string | null>();
  readonly stepChosen = output<string>();
  private readonly clock = inject(Clock);

  protected readonly step = computed(
    () => this.phase().steps.find((step) => step.step === this.stepId()) ?? null,
  );
  /** Why the phase failed, unless its gates say so beneath. */
  protected readonly failure = computed(() =>
    blockedGates(this.phase()).length > 0 ? null : this.phase().error,
  );
  protected readonly seconds = computed(() => phaseSeconds(this.phase(), this.clock.now()));
}
