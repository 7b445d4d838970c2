import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { CodeView } from './code-view';
import { JsonNode } from './json-node';

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** JSON as a tree that folds; what cannot be parsed is shown as it is. */
@Component({
  selector: 'o-json',
  imports: [CodeView, JsonNode],
  template: `@if (parsed(); as result) {
    @if (result.ok) {
      <o-json-node [value]="result.value" [depth]="0" />
    } @else {
      <p class="muted small">This is not valid JSON.</p>
      <o-code [source]="source()" />
    }
  }`,
  styles: ':host { display: block; font: 400 12px / 20px var(--o-mono); }',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class JsonView {
  readonly source = input.required<string>();
  protected readonly parsed = computed((): Parsed => {
    try {
      return { ok: true, value: JSON.parse(this.source()) };
    } catch {
      // A broken file is shown as text, which says more than an error would.
      return { ok: false };
    }
  });
}
