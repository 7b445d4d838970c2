import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { Session } from '../../../auth/session';
import { Questions } from '../../../shared/dialogs/questions';
import { Clock } from '../../../shared/format/clock';
import { DurationPipe } from '../../../shared/format/duration';
import { RelativeTime } from '../../../shared/format/relative-time';
import { StatusBadge } from '../../../shared/status/status-badge';
import { awaitsDecision, blockedGates, mayReturnTo } from '../../legal-actions';
import { RunControl } from '../../run-control';
import type { PhaseInfo, RunDetail } from '../../run-models';
import { phaseSeconds } from '../../working-time';
import { RunStore } from '../run-store';
import { ApprovalPanel } from './approval-panel';
import { GateTable } from './gate-table';
import { StepPane } from './step-pane';

/** The chosen phase: what it did, why its gates decided as they did, and its chosen step. */
@Component({
  selector: 'o-phase-pane',
  imports: [
    ApprovalPanel,
    DurationPipe,
    GateTable,
    MatButton,
    RelativeTime,
    RouterLink,
    StatusBadge,
    StepPane,
  ],
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

  protected readonly store = inject(RunStore);
  private readonly control = inject(RunControl);
  private readonly questions = inject(Questions);
  private readonly session = inject(Session);

  protected readonly returnable = computed(() => mayReturnTo(this.run(), this.phase(), this.session.user()));
  /** What somebody has to decide now. */
  protected readonly decision = computed(() =>
    awaitsDecision(this.phase()) && this.run().phases.includes(this.phase()) ? this.phase().approval : null,
  );
  protected readonly step = computed(
    () => this.phase().steps.find((step) => step.step === this.stepId()) ?? null,
  );
  /** Why the phase failed, unless its gates say so beneath. */
  protected readonly failure = computed(() =>
    blockedGates(this.phase()).length > 0 ? null : this.phase().error,
  );
  protected readonly seconds = computed(() => phaseSeconds(this.phase(), this.clock.now()));

  protected async rollBack(): Promise<void> {
    const { phases, run_id: id } = this.run();
    const undone = phases
      .slice(phases.indexOf(this.phase()) + 1)
      .filter(({ status }) => status !== 'pending');
    const answer = await this.questions.ask({
      title: `Roll back to the end of ${this.phase().title}?`,
      text: 'Workspace and records return to what they were then, and the run waits. What came after stays readable, marked superseded:',
      points: undone.map(({ title, status }) => `${title} (${status.replaceAll('_', ' ')})`),
      label: null,
      required: false,
      confirm: 'Roll back',
      danger: true,
    });
    if (answer !== undefined) await this.store.act(this.control.rollBack(id, this.phase().phase));
  }
}
