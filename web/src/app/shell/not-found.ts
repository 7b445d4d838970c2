import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { EmptyState } from '../shared/empty-state/empty-state';

@Component({
  selector: 'o-not-found',
  imports: [EmptyState, MatButton, RouterLink],
  template: `<o-empty
    heading="There is no such page"
    text="The address may be mistyped, or the page has moved."
  >
    <a matButton="outlined" routerLink="/runs">All runs</a>
  </o-empty>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotFound {}
