import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { SecondFactor } from '../../settings/account/second-factor';
import { AuthCard } from '../auth-card';
import { ownPath } from '../own-path';
import { Session } from '../session';

/** Where somebody lands of whom a second factor is demanded: everything else is closed until it is set up. */
@Component({
  selector: 'o-owed-factor-page',
  imports: [AuthCard, MatButton, SecondFactor],
  template: `
    <o-auth-card
      heading="Set up a second factor"
      text="Your administrator demands one of this account. Everything else opens once you have it."
    >
      <o-second-factor (noted)="goOn()" />
      <button matButton type="button" (click)="session.logout()">Sign out</button>
    </o-auth-card>
  `,
  styles: `
    o-second-factor {
      display: block;
      margin: var(--o-4) 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OwedFactorPage {
  /** Where to go afterwards, from the query. */
  readonly return = input<string>();
  protected readonly session = inject(Session);
  private readonly router = inject(Router);

  protected async goOn(): Promise<void> {
    await this.session.renew();
    await this.router.navigateByUrl(ownPath(this.return()));
  }
}
