import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { csvParseRows } from 'd3-dsv';

const ROWS = 500;

/** The first rows of a CSV file as a table. */
@Component({
  selector: 'o-csv',
  template: `
    <div class="table-scroll">
      <table class="data-table">
        <thead>
          <tr>
            @for (cell of head(); track $index) {
              <th scope="col">{{ cell }}</th>
            }
          </tr>
        </thead>
        <tbody>
          @for (row of shown(); track $index) {
            <tr>
              @for (cell of row; track $index) {
                <td>{{ cell }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </div>
    @if (left() > 0) {
      <p class="muted small">{{ left() }} more rows are in the file.</p>
    }
  `,
  styles: 'td { font-variant-numeric: tabular-nums; }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CsvView {
  readonly source = input.required<string>();
  private readonly rows = computed(() => csvParseRows(this.source()));
  protected readonly head = computed(() => this.rows()[0] ?? []);
  protected readonly shown = computed(() => this.rows().slice(1, ROWS + 1));
  protected readonly left = computed(() => Math.max(this.rows().length - 1 - ROWS, 0));
}
