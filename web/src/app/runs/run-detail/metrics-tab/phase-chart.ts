import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { formatDuration } from '../../../shared/format/duration';
import { Loading } from '../../../shared/loading';
import { ThemeChoice } from '../../../shell/theme-choice';
import { BarChartView } from './bar-chart-view';
import { barOptions, type Bar } from './bar-options';

/** A figure by phase as bars, with the same figures as a table beneath. */
@Component({
  selector: 'o-phase-chart',
  imports: [BarChartView, Loading],
  template: `
    <section class="panel" [attr.aria-label]="heading()">
      <div class="panel-head">
        <h2>{{ heading() }}</h2>
      </div>
      @defer {
        <o-bar-chart [options]="options()" [style.height.px]="height()" />
      } @placeholder {
        <div [style.height.px]="height()"></div>
      } @loading (after 200ms) {
        <o-loading [style.height.px]="height()" />
      }
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            @for (name of series(); track name) {
              <th scope="col" class="num">{{ unit() === 's' ? 'Time' : name }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (bar of bars(); track bar.label) {
            <tr>
              <td>{{ bar.label }}</td>
              @for (value of bar.values; track $index) {
                <td class="num">{{ show(value) }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </section>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PhaseChart {
  readonly heading = input.required<string>();
  /** `s` for seconds, empty for a count. */
  readonly unit = input.required<'s' | ''>();
  readonly series = input.required<readonly string[]>();
  readonly bars = input.required<readonly Bar[]>();
  private readonly theme = inject(ThemeChoice);

  protected readonly height = computed(() => this.bars().length * 30 + 50);
  protected readonly options = computed(() =>
    barOptions(this.bars(), this.series(), (value) => this.show(value), this.theme.dark()),
  );

  protected show(value: number): string {
    return this.unit() === 's' ? formatDuration(value) : value.toLocaleString('en-US');
  }
}
