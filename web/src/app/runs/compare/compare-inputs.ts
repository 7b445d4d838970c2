import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { CompareTexts } from '../../shared/preview/diff/compare-view';
import { sentence } from '../../shared/status/status-look';
import type { ComparedInput } from '../run-models';

/** Texts longer than this are compared line by line, characters. */
const SHORT = 120;

/** What the two runs were given; what differs first and, where it is a text, line by line. */
@Component({
  selector: 'o-compare-inputs',
  imports: [CompareTexts],
  template: `
    <section class="panel" aria-label="Inputs">
      <div class="panel-head">
        <h2>Inputs</h2>
        <span class="muted small grow">{{ words() }}</span>
        @if (same().length > 0) {
          <label class="row small">
            <input type="checkbox" [checked]="all()" (change)="all.set(!all())" /> Show what is the same
          </label>
        }
      </div>
      @if (rows().length > 0) {
        <div class="table-scroll">
          <table class="data-table">
            <thead>
              <tr>
                <th scope="col">Input</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
              </tr>
            </thead>
            <tbody>
              @for (row of rows(); track row.name) {
                <tr>
                  <th scope="row">{{ title(row.name) }}</th>
                  <td>{{ row.a ?? '–' }}</td>
                  <td>{{ row.b ?? '–' }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      }
      @for (text of texts(); track text.name) {
        <div class="inside">
          <h3>{{ title(text.name) }}</h3>
          <o-compare-texts [name]="text.name" [before]="text.a ?? ''" [after]="text.b ?? ''" />
        </div>
      }
    </section>
  `,
  styles: `
    td {
      width: 40%;
      overflow-wrap: anywhere;
    }
    h3 {
      margin-bottom: var(--o-2);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CompareInputs {
  readonly inputs = input.required<readonly ComparedInput[]>();
  protected readonly all = signal(false);
  protected readonly same = computed(() => this.inputs().filter(({ same }) => same));
  private readonly different = computed(() => this.inputs().filter(({ same }) => !same));
  protected readonly texts = computed(() => this.different().filter(isText));
  protected readonly rows = computed(() => [
    ...this.different().filter((row) => !isText(row)),
    ...(this.all() ? this.same() : []),
  ]);
  protected readonly words = computed(() => {
    const count = this.different().length;
    if (count === 0) return 'both were given the same';
    return `${String(count)} of ${String(this.inputs().length)} differ`;
  });

  protected title(name: string): string {
    return sentence(name.replace(/^parameters\./, 'Parameter '));
  }
}

const isText = ({ a, b }: ComparedInput): boolean =>
  [a, b].some((value) => value !== null && (value.length > SHORT || value.includes('\n')));
