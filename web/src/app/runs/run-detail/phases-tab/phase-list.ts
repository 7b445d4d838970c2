import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { LucideDynamicIcon } from '@lucide/angular';
import { Clock } from '../../../shared/format/clock';
import { formatDuration } from '../../../shared/format/duration';
import { statusLook } from '../../../shared/status/status-look';
import type { PhaseInfo, StepInfo } from '../../run-models';
import { phaseSeconds, stepSeconds } from '../../working-time';

export interface PhaseChoice {
  readonly phase: string;
  readonly step: string | null;
}

/** Every phase of the profile in order, with the steps of its newest attempt. */
@Component({
  selector: 'o-phase-list',
  imports: [LucideDynamicIcon],
  templateUrl: './phase-list.html',
  styleUrl: './phase-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PhaseList {
  readonly phases = input.required<readonly PhaseInfo[]>();
  /** Name of the chosen phase. */
  readonly selected = input.required<string | null>();
  readonly step = input.required<string | null>();
  readonly choose = output<PhaseChoice>();
  private readonly clock = inject(Clock);
  protected readonly look = statusLook;

  protected phaseTime(phase: PhaseInfo): string {
    return shown(phaseSeconds(phase, this.clock.now()));
  }

  protected stepTime(step: StepInfo): string {
    return shown(stepSeconds(step, this.clock.now()));
  }
}

/** Nothing at all where nothing was measured: a column of dashes says no more. */
const shown = (seconds: number | null): string => (seconds === null ? '' : formatDuration(seconds));
