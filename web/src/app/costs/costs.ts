import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { Router } from '@angular/router';
import { barOptions } from '../runs/run-detail/metrics-tab/bar-options';
import { BarChartView } from '../runs/run-detail/metrics-tab/bar-chart-view';
import { EmptyState } from '../shared/empty-state/empty-state';
import { CountPipe } from '../shared/format/count';
import { formatMoney, MoneyPipe } from '../shared/format/money';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { ThemeChoice } from '../shell/theme-choice';
import { Budgets } from './budgets/budgets';
import { columnOptions } from './column-options';
import { type CostGroup, CostsGateway } from './costs-gateway';
import { daysFrom, everyDay, GROUPS, SPANS } from './cost-choices';
import { Prices } from './prices/prices';

/** Rows that the chart shows; the table has all. */
const CHARTED = 12;

/** What runs cost, what they may cost together, and what models are priced at. */
@Component({
  selector: 'o-costs',
  imports: [BarChartView, Budgets, CountPipe, EmptyState, Loading, MoneyPipe, Prices, ProblemBanner],
  templateUrl: './costs.html',
  styleUrl: './costs.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CostsPage {
  /** What a row stands for; in the address, so that it can be shared. */
  readonly by = input<CostGroup, CostGroup | undefined>('day', { transform: (by) => by ?? 'day' });
  /** Days back. */
  readonly days = input<number, string | undefined>(30, { transform: (days) => Number(days ?? 30) });

  private readonly gateway = inject(CostsGateway);
  private readonly router = inject(Router);
  private readonly theme = inject(ThemeChoice);
  protected readonly groups = GROUPS;
  protected readonly spans = SPANS;
  protected readonly resource = rxResource({
    params: () => ({ by: this.by(), days: this.days() }),
    stream: ({ params }) => this.gateway.costs(params.by, daysFrom(params.days, new Date())),
  });
  protected readonly costs = keepLast(this.resource);
  protected readonly heading = computed(() => GROUPS.find(({ by }) => by === this.costs()?.by)?.label ?? '');
  private readonly bars = computed(() => {
    const costs = this.costs();
    if (costs === undefined) return [];
    if (costs.by === 'day') return everyDay(costs.rows, daysFrom(this.days(), new Date()), costs.to);
    return costs.rows.flatMap(({ name, cost_usd: cost }) =>
      cost === null ? [] : [{ label: name, values: [cost] }],
    );
  });
  /** Rows of which nobody knows what they cost. */
  protected readonly undrawn = computed(
    () => this.costs()?.rows.filter(({ cost_usd: cost }) => cost === null).length ?? 0,
  );
  protected readonly isDaily = computed(() => this.costs()?.by === 'day');
  protected readonly options = computed(() =>
    this.isDaily()
      ? columnOptions(this.bars(), this.theme.dark())
      : barOptions(this.bars().slice(0, CHARTED), ['Cost'], formatMoney, this.theme.dark()),
  );
  protected readonly height = computed(() =>
    this.isDaily() ? 240 : Math.min(this.bars().length, CHARTED) * 30 + 50,
  );

  protected choose(change: { readonly by?: CostGroup; readonly days?: number }): void {
    void this.router.navigate([], {
      queryParams: { by: this.by(), days: this.days(), ...change },
      replaceUrl: true,
    });
  }
}
