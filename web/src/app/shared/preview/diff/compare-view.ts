import { ChangeDetectionStrategy, Component, input, resource } from '@angular/core';
import { Loading } from '../../loading';
import { DiffView } from './diff-view';

/** What lies between two texts. */
@Component({
  selector: 'o-compare-texts',
  imports: [DiffView, Loading],
  template: `@if (compared.hasValue()) {
      @let result = compared.value();
      @switch (result.kind) {
        @case ('same') {
          <p class="muted">They are the same, byte for byte.</p>
        }
        @case ('too-different') {
          <p class="muted">They are too large and too different to be compared here: download both.</p>
        }
        @case ('differs') {
          <o-diff [files]="[result.file]" />
        }
      }
    } @else {
      <o-loading />
    }`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CompareTexts {
  readonly name = input.required<string>();
  readonly before = input.required<string>();
  readonly after = input.required<string>();
  protected readonly compared = resource({
    params: () => ({ name: this.name(), before: this.before(), after: this.after() }),
    loader: async ({ params }) => {
      const { compareTexts } = await import('./parse-diff');
      return compareTexts(params.name, params.before, params.after);
    },
  });
}
