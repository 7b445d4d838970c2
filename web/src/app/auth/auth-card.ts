import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { ConnectionBanner } from '../shell/connection-banner';

/** The frame of the pages that are open without a session. */
@Component({
  selector: 'o-auth-card',
  imports: [ConnectionBanner],
  template: `
    <o-connection-banner />
    <main>
      <img src="favicon.svg" alt="" width="36" height="36" />
      <h1>{{ heading() }}</h1>
      @if (text()) {
        <p class="muted">{{ text() }}</p>
      }
      <ng-content />
    </main>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      min-height: 100vh;
    }
    main {
      width: min(400px, calc(100vw - 32px));
      margin: 14vh auto 48px;
      padding: var(--o-6);
      background: var(--o-surface);
      border: 1px solid var(--o-border);
      border-radius: 10px;
    }
    h1 {
      margin-top: var(--o-3);
    }
    p {
      margin-top: 4px;
    }
    img {
      display: block;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AuthCard {
  readonly heading = input.required<string>();
  readonly text = input('');
}
