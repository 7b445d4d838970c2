import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { form, FormField, minLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { FieldError } from '../../shared/field-error';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { AuthCard } from '../auth-card';
import { AuthGateway } from '../auth-gateway';

const PASSWORD_LENGTH = 12;

/** Sets a new password by the link that an administrator made; its token stands behind the #. */
@Component({
  selector: 'o-reset-page',
  imports: [AuthCard, FieldError, FormField, MatButton, ProblemBanner, RouterLink],
  templateUrl: './reset-page.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ResetPage {
  private readonly gateway = inject(AuthGateway);
  protected readonly token = inject(ActivatedRoute).snapshot.fragment ?? '';
  protected readonly model = signal({ password: '' });
  protected readonly fields = form(this.model, (path) => {
    required(path.password, { message: 'Choose a password.' });
    minLength(path.password, PASSWORD_LENGTH, {
      message: `The password needs at least ${String(PASSWORD_LENGTH)} characters.`,
    });
  });
  protected readonly error = signal<unknown>(null);
  protected readonly done = signal(false);

  protected async set(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        const request = this.gateway.resetPassword(this.token, this.model().password);
        await firstValueFrom(request, { defaultValue: null });
        this.done.set(true);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}
