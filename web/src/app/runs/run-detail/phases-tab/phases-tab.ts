import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { RunStore } from '../run-store';
import { PhaseList, type PhaseChoice } from './phase-list';
import { PhasePane } from './phase-pane';
import { choosePhase, chooseStep } from './phase-choice';

/** The phases of a run: a list on the left, the chosen phase with its steps, gates and log on the right. */
@Component({
  selector: 'o-phases-tab',
  imports: [PhaseList, PhasePane],
  template: `@if (run(); as run) {
    <o-phase-list
      [phases]="run.phases"
      [selected]="phase()?.phase ?? null"
      [step]="step()"
      (choose)="choose($event)"
    />
    @if (phase(); as phase) {
      <o-phase-pane [run]="run" [phase]="phase" [stepId]="step()" (stepChosen)="chooseStep($event)" />
    }
  }`,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(220px, 300px) minmax(0, 1fr);
      gap: var(--o-4);
      align-items: start;
    }
    @media (max-width: 900px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PhasesTab {
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly query = toSignal(this.route.queryParamMap, { requireSync: true });
  protected readonly run = inject(RunStore).run;

  protected readonly phase = computed(() => {
    const run = this.run();
    return run === undefined ? null : choosePhase(run, this.query().get('phase'));
  });
  protected readonly step = computed(() => {
    const phase = this.phase();
    return phase === null ? null : chooseStep(phase, this.query().get('step'));
  });

  protected choose(choice: PhaseChoice): void {
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: { phase: choice.phase, step: choice.step },
    });
  }

  protected chooseStep(step: string): void {
    const phase = this.phase();
    if (phase !== null) this.choose({ phase: phase.phase, step });
  }
}
