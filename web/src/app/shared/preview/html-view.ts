import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { DomSanitizer } from '@angular/platform-browser';
import { CodeView } from './code-view';

/**
 * A page that a step wrote. It is a stranger's: it is shown in a frame without an origin, scripts, forms or windows, and the
 * server sends it with a policy that loads nothing either.
 */
@Component({
  selector: 'o-html',
  imports: [CodeView],
  template: `
    <label class="row small">
      <input type="checkbox" [checked]="asSource()" (change)="asSource.set(!asSource())" />
      Show the source
    </label>
    @if (asSource()) {
      <o-code [source]="source()" name="x.html" />
    } @else {
      <iframe sandbox="" referrerpolicy="no-referrer" [src]="address()" [title]="name()"></iframe>
      <p class="muted small">Scripts and what lies elsewhere are not loaded.</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: var(--o-2);
    }
    iframe {
      width: 100%;
      height: 65vh;
      border: 1px solid var(--o-border);
      border-radius: var(--o-radius);
      background: #fff;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HtmlView {
  readonly source = input.required<string>();
  readonly name = input.required<string>();
  /** Where the server shows it: an address of the API. */
  readonly url = input.required<string>();
  private readonly sanitizer = inject(DomSanitizer);
  protected readonly asSource = signal(false);
  protected readonly address = computed(() => this.sanitizer.bypassSecurityTrustResourceUrl(this.url()));
}
