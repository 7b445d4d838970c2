import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';

/** What is wrong with a field, once the person has been there. */
@Component({
  selector: 'o-field-error',
  template: `@if (message(); as text) {
    <span class="message" role="alert">{{ text }}</span>
  }`,
  styles: `
    .message {
      font-size: var(--o-text-s);
      line-height: 18px;
      color: var(--o-bad);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class FieldError {
  readonly field = input.required<FieldTree<unknown>>();
  protected readonly message = computed(() => {
    const state = this.field()();
    return state.touched() ? (state.errors()[0]?.message ?? null) : null;
  });
}
