import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { type Params, Router, RouterLink } from '@angular/router';
import { LucideArrowLeftRight } from '@lucide/angular';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { StatusBadge } from '../../shared/status/status-badge';
import { RunsGateway } from '../runs-gateway';
import { CompareArtifacts } from './compare-artifacts';
import { compareFigures } from './compare-figures';
import { CompareInputs } from './compare-inputs';
import { ComparePhases } from './compare-phases';
import { RunPicker } from './run-picker';

/** Two runs beside each other: figures, phases and verdicts, inputs, artifacts. Which two stands in the address. */
@Component({
  selector: 'o-compare-page',
  imports: [
    CompareArtifacts,
    CompareInputs,
    ComparePhases,
    Loading,
    LucideArrowLeftRight,
    MatButton,
    ProblemBanner,
    RelativeTime,
    RouterLink,
    RunPicker,
    StatusBadge,
  ],
  templateUrl: './compare-page.html',
  styleUrl: './compare-page.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ComparePage {
  /** Ids of the runs; undefined: still to be chosen. */
  readonly a = input<string>();
  readonly b = input<string>();
  private readonly gateway = inject(RunsGateway);
  private readonly router = inject(Router);
  protected readonly resource = rxResource({
    params: () => {
      const [a, b] = [this.a(), this.b()];
      return a && b ? { a, b } : undefined;
    },
    stream: ({ params }) => this.gateway.compare(params.a, params.b),
  });
  private readonly last = keepLast(this.resource);
  protected readonly comparison = computed(() => {
    const last = this.last();
    return last?.a.run_id === this.a() && last?.b.run_id === this.b() ? last : undefined;
  });
  protected readonly sides = computed(() => {
    const compared = this.comparison();
    if (compared === undefined) return [];
    return [
      { letter: 'A', run: compared.a, without: { a: this.b(), b: null } },
      { letter: 'B', run: compared.b, without: { a: this.a(), b: null } },
    ];
  });
  protected readonly figures = computed(() => {
    const compared = this.comparison();
    return compared === undefined ? [] : compareFigures(compared.a, compared.b);
  });

  protected pick(id: string): void {
    this.show(this.a() ? { a: this.a(), b: id } : { a: id, b: null });
  }

  protected show(queryParams: Params): void {
    void this.router.navigate(['/runs/compare'], { queryParams });
  }
}
