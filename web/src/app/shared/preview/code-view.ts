import { ChangeDetectionStrategy, Component, input, resource, ViewEncapsulation } from '@angular/core';
import { Loading } from '../loading';

/** Source code with its lines numbered and, where the language is known, highlighted. */
@Component({
  selector: 'o-code',
  imports: [Loading],
  template: `@if (html.hasValue()) {
      <pre class="code" tabindex="0"><code [innerHTML]="html.value()"></code></pre>
    } @else {
      <o-loading />
    }`,
  styleUrl: './code-view.scss',
  // The highlighted elements are not this component's own, so its styles must reach them by class.
  encapsulation: ViewEncapsulation.None,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CodeView {
  readonly source = input.required<string>();
  readonly name = input('');
  protected readonly html = resource({
    params: () => ({ source: this.source(), name: this.name() }),
    loader: async ({ params }) => {
      const { highlightCode } = await import('./highlight-code');
      return highlightCode(params.source, params.name);
    },
  });
}
