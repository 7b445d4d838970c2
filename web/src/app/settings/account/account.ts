import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { form, FormField, minLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { Session } from '../../auth/session';
import { FieldError } from '../../shared/field-error';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { SecondFactor } from './second-factor';
import { SettingsGateway } from '../settings-gateway';

const EMPTY = { current: '', next: '' };

/** Who I am, my password and my second factor. */
@Component({
  selector: 'o-account',
  imports: [FieldError, FormField, MatButton, ProblemBanner, SecondFactor],
  templateUrl: './account.html',
  styles: `
    .field {
      max-width: 420px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Account {
  private readonly gateway = inject(SettingsGateway);
  protected readonly session = inject(Session);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.current, { message: 'Enter your present password.' });
    required(path.next, { message: 'Choose a new password.' });
    minLength(path.next, 12, { message: 'The password needs at least 12 characters.' });
  });
  protected readonly error = signal<unknown>(null);
  protected readonly changed = signal(false);

  protected async change(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      this.changed.set(false);
      try {
        await firstValueFrom(this.gateway.changePassword(this.model().current, this.model().next), {
          defaultValue: null,
        });
        this.fields().reset(EMPTY);
        this.changed.set(true);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}
