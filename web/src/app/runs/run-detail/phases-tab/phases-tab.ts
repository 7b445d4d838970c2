import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { rxResource, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type Params, Router } from '@angular/router';
import { LucideChartGantt, LucideList } from '@lucide/angular';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { RunsGateway } from '../../runs-gateway';
import { RunStore } from '../run-store';
import { RunTimelineView, type TimelineChoice } from '../timeline/run-timeline';
import { AttemptChoice } from './attempt-choice';
import { PhaseList, type PhaseChoice } from './phase-list';
import { PhasePane } from './phase-pane';
import { chooseAttempt, choosePhase, chooseStep, earlierAttempts, inAttempt } from './phase-choice';

/** The phases of a run: a list on the left, the chosen phase with its steps, gates and log on the right. */
@Component({
  selector: 'o-phases-tab',
  imports: [
    AttemptChoice,
    LucideChartGantt,
    LucideList,
    PhaseList,
    PhasePane,
    ProblemBanner,
    RunTimelineView,
  ],
  template: `@if (run(); as run) {
    <div class="views" role="group" aria-label="View">
      <button type="button" [attr.aria-pressed]="!asTimeline()" (click)="view(null)">
        <svg lucideList size="14" aria-hidden="true"></svg>List
      </button>
      <button type="button" [attr.aria-pressed]="asTimeline()" (click)="view('timeline')">
        <svg lucideChartGantt size="14" aria-hidden="true"></svg>Timeline
      </button>
    </div>
    @if (asTimeline()) {
      <o-run-timeline class="whole" (chosen)="open($event)" />
    } @else {
      <o-phase-list
        [phases]="run.phases"
        [selected]="phase()?.phase ?? null"
        [step]="step()"
        (choose)="choose($event)"
      />
      <div class="phase">
        @if (phase(); as phase) {
          @if (hasEarlier()) {
            <o-attempt-choice [phase]="phase" [shown]="earlier()" (chosen)="chooseAttempt($event)" />
          }
          @if (attempts.error(); as error) {
            <o-problem [error]="error" retryable (retry)="attempts.reload()" />
          }
          @if (shown(); as shown) {
            <o-phase-pane [run]="run" [phase]="shown" [stepId]="step()" (stepChosen)="chooseStep($event)" />
          }
        }
      </div>
    }
  }`,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(220px, 300px) minmax(0, 1fr);
      gap: var(--o-4);
      align-items: start;
    }
    .views,
    .whole {
      grid-column: 1 / -1;
    }
    .phase {
      display: flex;
      flex-direction: column;
      gap: var(--o-3);
      min-width: 0;
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
  private readonly gateway = inject(RunsGateway);
  private readonly query = toSignal(this.route.queryParamMap, { requireSync: true });
  protected readonly run = inject(RunStore).run;

  protected readonly asTimeline = computed(() => this.query().get('view') === 'timeline');
  protected readonly phase = computed(() => {
    const run = this.run();
    return run === undefined ? null : choosePhase(run, this.query().get('phase'));
  });
  protected readonly hasEarlier = computed(() => {
    const phase = this.phase();
    return phase !== null && earlierAttempts(phase).length > 0;
  });
  private readonly attempt = computed(() => {
    const phase = this.phase();
    return phase === null ? null : chooseAttempt(phase, this.query().get('attempt'));
  });
  /** Stays the same while the run moves on: earlier attempts change no more. */
  private readonly wanted = computed(
    () => {
      const [run, phase] = [this.run(), this.phase()];
      if (run === undefined || phase === null || this.attempt() === null) return undefined;
      return { runId: run.run_id, phase: phase.phase };
    },
    { equal: (a, b) => a?.runId === b?.runId && a?.phase === b?.phase },
  );
  protected readonly attempts = rxResource({
    params: this.wanted,
    stream: ({ params }) => this.gateway.attempts(params.runId, params.phase),
  });
  protected readonly earlier = computed(() => {
    const number = this.attempt();
    if (number === null || !this.attempts.hasValue()) return null;
    return this.attempts.value().attempts.find(({ attempt }) => attempt === number) ?? null;
  });
  /** The phase, or as it stood in an earlier attempt; null while that is read. */
  protected readonly shown = computed(() => {
    const [phase, earlier] = [this.phase(), this.earlier()];
    if (phase === null || this.attempt() === null) return phase;
    return earlier === null ? null : inAttempt(phase, earlier);
  });
  protected readonly step = computed(() => {
    const phase = this.shown();
    return phase === null ? null : chooseStep(phase, this.query().get('step'));
  });

  protected view(view: 'timeline' | null): void {
    this.refine({ view });
  }

  protected open({ phase, step, attempt }: TimelineChoice): void {
    void this.router.navigate([], { relativeTo: this.route, queryParams: { phase, step, attempt } });
  }

  protected choose(choice: PhaseChoice): void {
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: { phase: choice.phase, step: choice.step },
    });
  }

  protected chooseStep(step: string): void {
    this.refine({ step, line: null });
  }

  protected chooseAttempt(attempt: string | null): void {
    this.refine({ phase: this.phase()?.phase, attempt, step: null, line: null });
  }

  private refine(queryParams: Params): void {
    void this.router.navigate([], { relativeTo: this.route, queryParams, queryParamsHandling: 'merge' });
  }
}
