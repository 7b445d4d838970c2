import {
  ChangeDetectionStrategy,
  Component,
  inject,
  input,
  resource,
  ViewEncapsulation,
} from '@angular/core';
import { DomSanitizer, type SafeHtml } from '@angular/platform-browser';
import { Loading } from '../loading';
import type { Neighbours } from './render-markdown';

/** Markdown as it reads. What an agent wrote is not trusted: the HTML is sanitised before it reaches the page. */
@Component({
  selector: 'o-markdown',
  imports: [Loading],
  template: `@if (html.hasValue()) {
      <article class="markdown" [innerHTML]="html.value()"></article>
    } @else {
      <o-loading />
    }`,
  styleUrl: './markdown-view.scss',
  // The rendered elements are not this component's own, so its styles must reach them by class.
  encapsulation: ViewEncapsulation.None,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MarkdownView {
  readonly source = input.required<string>();
  /** Files beside it, which it may show and link to. */
  readonly neighbours = input<Neighbours>();
  private readonly sanitizer = inject(DomSanitizer);
  protected readonly html = resource({
    params: () => ({ source: this.source(), neighbours: this.neighbours() }),
    loader: async ({ params }): Promise<SafeHtml> => {
      const { renderMarkdown } = await import('./render-markdown');
      return this.sanitizer.bypassSecurityTrustHtml(renderMarkdown(params.source, params.neighbours));
    },
  });
}
