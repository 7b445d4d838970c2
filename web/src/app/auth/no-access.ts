import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../shared/empty-state/empty-state';
import { Session } from './session';

/** In place of a page that somebody may not see: why, and whom to ask. */
@Component({
  selector: 'o-no-access',
  imports: [EmptyState, MatButton, RouterLink],
  template: `<o-empty heading="This page is not open to you" [text]="why()">
    <a matButton="outlined" routerLink="/runs">All runs</a>
  </o-empty>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NoAccess {
  private readonly session = inject(Session);
  protected readonly why = computed(
    () => `You are signed in as ${this.session.user()?.role ?? 'nobody'}: ask an administrator for more.`,
  );
}
