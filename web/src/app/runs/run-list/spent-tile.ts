import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { RouterLink } from '@angular/router';
import { CostsGateway } from '../../costs/costs-gateway';
import { formatMoney } from '../../shared/format/money';
import { keepLast } from '../../shared/keep-last';
import { reloadSoon } from '../../shared/reload-soon';
import { RunFeed } from '../run-feed';
import { dailyBars, monthFrom } from './month-bars';

/** What runs have cost since the month began, with a small column for each of its days. */
@Component({
  selector: 'o-spent-tile',
  imports: [RouterLink],
  template: `
    <a routerLink="/costs">
      <span class="figure">{{ total() }}</span>
      <span class="grow"></span>
      <svg viewBox="0 0 93 24" width="93" height="24" aria-hidden="true">
        @for (bar of bars(); track $index) {
          <rect [attr.x]="$index * 3" width="2" [attr.y]="24 - bar" [attr.height]="bar" />
        }
      </svg>
      <span class="label">Spent this month</span>
    </a>
  `,
  styles: `
    :host {
      display: contents;
    }
    svg {
      flex: 0 1 auto;
      min-width: 0;
      fill: var(--o-accent);
    }
  `,
  styleUrl: './tile.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SpentTile {
  private readonly gateway = inject(CostsGateway);
  private readonly resource = rxResource({
    stream: () => this.gateway.costs('day', monthFrom(new Date()).toISOString()),
  });
  private readonly costs = keepLast(this.resource);
  /** What calls without a known price cost is not in it. */
  protected readonly total = computed(() => {
    const costs = this.costs();
    return costs === undefined ? '–' : formatMoney(costs.total.cost_usd);
  });
  protected readonly bars = computed(() => dailyBars(this.costs()?.rows ?? [], new Date(), 24));

  constructor() {
    inject(RunFeed).follow(() => ({ kind: 'spent' }), reloadSoon(this.resource));
  }
}
