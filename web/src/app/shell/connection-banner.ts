import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { LucideUnplug } from '@lucide/angular';
import { Connection } from './connection';

/** Says that the server does not answer, and that the page asks again by itself. */
@Component({
  selector: 'o-connection-banner',
  imports: [LucideUnplug, MatButton],
  template: `@if (connection.state() === 'lost') {
    <div role="alert">
      <svg lucideUnplug aria-hidden="true"></svg>
      <span class="grow"
        >The server does not answer. Trying again every two seconds; nothing that you typed is lost.</span
      >
      <button matButton type="button" (click)="connection.probe()">Try now</button>
    </div>
  }`,
  styles: `
    div {
      display: flex;
      align-items: center;
      gap: var(--o-2);
      padding: 4px var(--o-5);
      background: var(--o-bad-soft);
      border-bottom: 1px solid var(--o-bad);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ConnectionBanner {
  protected readonly connection = inject(Connection);
}
