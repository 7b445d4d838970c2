import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** What is shown where there is nothing: why, and through its content what to do about it. */
@Component({
  selector: 'o-empty',
  template: `
    <h2>{{ heading() }}</h2>
    @if (text()) {
      <p class="muted">{{ text() }}</p>
    }
    <div class="row actions"><ng-content /></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      align-items: center;
      gap: var(--o-2);
      padding: var(--o-7) var(--o-5);
      text-align: center;
    }
    p {
      max-width: 52ch;
    }
    .actions:empty {
      display: none;
    }
    .actions {
      margin-top: var(--o-2);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EmptyState {
  readonly heading = input.required<string>();
  readonly text = input('');
}
