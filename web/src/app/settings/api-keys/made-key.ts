import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { CopyText } from '../../shared/copy-text';

/** A key that was just made, to be copied: it is never shown again. */
@Component({
  selector: 'o-made-key',
  imports: [CopyText, MatButton],
  template: `<section class="panel" role="status">
    <h2>Copy the new key now</h2>
    <p>It is not shown again. Send it as <code>X-API-Key</code>.</p>
    <o-copy [text]="key()" what="the new key" />
    <button matButton="outlined" type="button" (click)="taken.emit()">I have it</button>
  </section>`,
  styles: `
    section {
      display: flex;
      flex-direction: column;
      align-items: flex-start;
      gap: var(--o-2);
      padding: var(--o-4);
      border-color: var(--o-ok);
      background: var(--o-ok-soft);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MadeKey {
  readonly key = input.required<string>();
  readonly taken = output();
}
