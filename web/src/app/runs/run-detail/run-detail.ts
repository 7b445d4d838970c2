import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { MatTabLink, MatTabNav, MatTabNavPanel } from '@angular/material/tabs';
import { MatButton } from '@angular/material/button';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { Loading } from '../../shared/loading';
import { toProblem } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { PageTitle } from '../../shell/page-title';
import { RunHeader } from './header/run-header';
import { RunStore } from './run-store';

const TABS = [
  { path: 'phases', label: 'Phases' },
  { path: 'artifacts', label: 'Artifacts' },
  { path: 'metrics', label: 'Metrics' },
  { path: 'activity', label: 'Activity' },
] as const;

/** One run: where it stands, and its phases, artifacts, metrics and history as tabs with their own addresses. */
@Component({
  selector: 'o-run-detail',
  imports: [
    EmptyState,
    Loading,
    MatButton,
    MatTabLink,
    MatTabNav,
    MatTabNavPanel,
    ProblemBanner,
    RouterLink,
    RouterLinkActive,
    RouterOutlet,
    RunHeader,
  ],
  templateUrl: './run-detail.html',
  styleUrl: './run-detail.scss',
  providers: [RunStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunDetailPage {
  readonly runId = input.required<string>();
  protected readonly store = inject(RunStore);
  protected readonly tabs = TABS;
  protected readonly missing = computed(() => {
    const error = this.store.error();
    return error !== undefined && toProblem(error).status === 404 ? toProblem(error).detail : null;
  });

  constructor() {
    const title = inject(PageTitle);
    effect(() => {
      this.store.runId.set(this.runId());
    });
    effect(() => {
      title.set(this.store.run()?.project_name ?? 'Run');
    });
  }
}
