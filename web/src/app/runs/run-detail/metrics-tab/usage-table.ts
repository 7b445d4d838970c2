import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { CountPipe } from '../../../shared/format/count';
import { MoneyPipe } from '../../../shared/format/money';
import type { UsageSums } from '../../run-models';

export interface UsageRow {
  /** Title of the phase. */
  readonly phase: string;
  /** Who or what used it. */
  readonly name: string;
  readonly usage: UsageSums;
}

/** Model calls of a run's phases, one row for each model or agent. */
@Component({
  selector: 'o-usage-table',
  imports: [CountPipe, MoneyPipe],
  template: `
    <section class="panel" [attr.aria-label]="'By ' + what().toLowerCase()">
      <div class="panel-head">
        <h2>By {{ what().toLowerCase() }}</h2>
      </div>
      <div class="table-scroll">
        <table class="data-table">
          <thead>
            <tr>
              <th scope="col">Phase</th>
              <th scope="col">{{ what() }}</th>
              <th scope="col" class="num">Calls</th>
              <th scope="col" class="num">Tokens in</th>
              <th scope="col" class="num">Tokens out</th>
              <th scope="col" class="num">Cost</th>
            </tr>
          </thead>
          <tbody>
            @for (row of rows(); track $index) {
              <tr>
                <td>{{ row.phase }}</td>
                <td>{{ row.name }}</td>
                <td class="num">{{ row.usage.calls | count }}</td>
                <td class="num">{{ row.usage.input_tokens | count }}</td>
                <td class="num">{{ row.usage.output_tokens | count }}</td>
                <td class="num">
                  {{ row.usage.cost_usd === null ? 'no price known' : (row.usage.cost_usd | money) }}
                </td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    </section>
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UsageTable {
  /** `Model` or `Agent`. */
  readonly what = input.required<string>();
  readonly rows = input.required<readonly UsageRow[]>();
}
