import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { Session } from '../../auth/session';
import { pagesFor } from '../pages';

const EVERYWHERE = [
  { keys: ['Ctrl', 'K'], what: 'Go to a run or page, or do something' },
  { keys: ['/'], what: 'Search on this page' },
  { keys: ['n'], what: 'Start a run' },
  { keys: ['?'], what: 'This list' },
] as const;

/** The keys that work on every page. */
@Component({
  selector: 'o-shortcuts',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  template: `
    <h2 mat-dialog-title>Keyboard shortcuts</h2>
    <mat-dialog-content>
      <dl>
        @for (entry of list(); track entry.what) {
          <dt>
            @for (key of entry.keys; track key) {
              <kbd>{{ key }}</kbd>
            }
          </dt>
          <dd>{{ entry.what }}</dd>
        }
      </dl>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" type="button" mat-dialog-close>Done</button>
    </mat-dialog-actions>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: max-content 1fr;
      gap: var(--o-2) var(--o-4);
      color: var(--o-text);
    }
    dt {
      display: flex;
      gap: 4px;
    }
    kbd {
      padding: 1px 6px;
      border: 1px solid var(--o-border-strong);
      border-radius: var(--o-radius-small);
      background: var(--o-surface-sunken);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shortcuts {
  private readonly session = inject(Session);
  protected readonly list = computed(() => [
    ...EVERYWHERE,
    ...pagesFor(this.session).map(({ key, label }) => ({ keys: ['g', key], what: `Go to ${label}` })),
  ]);
}
