import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Session } from '../../../auth/session';
import { DurationPipe } from '../../../shared/format/duration';
import { StatusBadge } from '../../../shared/status/status-badge';
import { blockedGates, mayRetryFrom } from '../../legal-actions';
import { RunControl } from '../../run-control';
import type { PhaseInfo, RunDetail, StepInfo } from '../../run-models';
import { RunStore } from '../run-store';
import { DeliverStep } from './deliver-step';
import { LogPanel } from './log-panel';

const EXECUTORS: Readonly<Record<StepInfo['executor'], string>> = {
  command: 'a command',
  llm: 'a model',
  agent_cli: 'a coding agent',
  worker: 'a worker',
  approval: 'a person',
  http: 'a request',
};

/** The chosen step: how it went, its log, and the delivery by hand where it waits for an agent. */
@Component({
  selector: 'o-step-pane',
  imports: [DeliverStep, DurationPipe, LogPanel, MatButton, StatusBadge],
  template: `
    <section class="panel" [attr.aria-label]="'Step ' + step().step">
      <div class="panel-head">
        <h3>{{ step().step }}</h3>
        <o-status [status]="step().status" />
        <span class="muted small">
          {{ step().agent_id }}, by {{ executors[step().executor] }}
          @if (step().tries > 1) {
            · try {{ step().tries }}
          }
          @if (step().duration_seconds !== null) {
            · {{ step().duration_seconds | duration }}
          }
        </span>
      </div>
      @if (retryable()) {
        <p class="again">
          <button matButton="outlined" type="button" [disabled]="store.busy()" (click)="retry()">
            Retry from this step
          </button>
          <span class="muted small">What does not build on it is kept.</span>
        </p>
      }
      @if (failure(); as error) {
        <p class="failure">{{ error.message }}</p>
      }
      @if (step().summary) {
        <p class="note">{{ step().summary }}</p>
      }
      @if (step().warnings.length > 0) {
        <ul class="note">
          @for (warning of step().warnings; track $index) {
            <li>{{ warning }}</li>
          }
        </ul>
      }
      @if (deliverable()) {
        <o-deliver-step [runId]="run().run_id" [phase]="phase().phase" [step]="step()" />
      }
      @if (step().started_at) {
        <o-log-panel
          [runId]="run().run_id"
          [phase]="phase().phase"
          [step]="step().step"
          [attempt]="phase().attempt"
          [live]="step().status === 'running' || step().status === 'queued'"
        />
      }
    </section>
  `,
  styles: `
    .again {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--o-3);
      padding: var(--o-3) var(--o-4) 0;
    }
    .again + .failure {
      margin-top: var(--o-3);
    }
    .failure {
      padding: var(--o-3) var(--o-4);
      background: var(--o-bad-soft);
      overflow-wrap: anywhere;
    }
    button {
      white-space: nowrap;
    }
    .note {
      padding: var(--o-3) var(--o-4) 0;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }
    ul.note {
      padding-left: 32px;
      color: var(--o-warn);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StepPane {
  readonly run = input.required<RunDetail>();
  readonly phase = input.required<PhaseInfo>();
  readonly step = input.required<StepInfo>();
  private readonly session = inject(Session);
  protected readonly store = inject(RunStore);
  private readonly control = inject(RunControl);
  protected readonly executors = EXECUTORS;

  protected readonly retryable = computed(() => mayRetryFrom(this.run(), this.phase(), this.session.user()));
  /** Why the step failed, unless its phase says so above. */
  protected readonly failure = computed(() => {
    const { step, error } = this.step();
    const above = this.phase().error;
    return above?.step === step && above.message === error?.message && blockedGates(this.phase()).length === 0
      ? null
      : error;
  });
  /** A person may do the work of an agent that nobody has claimed. */
  protected readonly deliverable = computed(() => {
    const { status, executor } = this.step();
    const claimable = executor === 'llm' || executor === 'worker';
    return (
      claimable &&
      status === 'waiting' &&
      this.run().status === 'running' &&
      this.run().access !== 'view' &&
      this.session.may('runs:operate')
    );
  });

  protected async retry(): Promise<void> {
    const { run_id: id } = this.run();
    await this.store.act(this.control.retryFrom(id, this.phase().phase, this.step().step));
  }
}
