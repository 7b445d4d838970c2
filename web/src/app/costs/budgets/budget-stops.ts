import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { CountPipe } from '../../shared/format/count';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Budget, CostsGateway } from '../costs-gateway';

/** Steps whose model calls budgets refused: the runs, and why. Nothing is shown where there are none. */
@Component({
  selector: 'o-budget-stops',
  imports: [CountPipe, MatButton, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './budget-stops.html',
  styles: `
    :host {
      display: contents;
    }
    .says {
      max-width: 480px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BudgetStops {
  /** As they were last read: what they stopped is read anew with them. */
  readonly budgets = input.required<readonly Budget[] | undefined>();
  private readonly gateway = inject(CostsGateway);
  protected readonly resource = rxResource({
    params: () => this.budgets(),
    stream: () => this.gateway.budgetStops(),
  });
  protected readonly stops = keepLast(this.resource);
  protected readonly waiting = { waiting_on: 'budget' };
}
