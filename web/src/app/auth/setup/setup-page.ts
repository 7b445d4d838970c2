import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { email, form, FormField, minLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { FieldError } from '../../shared/field-error';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { AuthCard } from '../auth-card';
import { AuthGateway } from '../auth-gateway';
import { ProviderLink } from '../provider-link';
import { Session } from '../session';

const PASSWORD_LENGTH = 12;

/** Makes the first administrator. Only who can read the server's terminal has the token. */
@Component({
  selector: 'o-setup-page',
  imports: [AuthCard, FieldError, FormField, MatButton, ProblemBanner, ProviderLink],
  templateUrl: './setup-page.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SetupPage {
  private readonly gateway = inject(AuthGateway);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly model = signal({ token: '', name: '', email: '', password: '' });
  protected readonly fields = form(this.model, (path) => {
    required(path.token, { message: 'Enter the token that the server printed on its terminal.' });
    required(path.name, { message: 'Enter your name.' });
    required(path.email, { message: 'Enter your e-mail address.' });
    email(path.email, { message: 'This is not an e-mail address.' });
    required(path.password, { message: 'Choose a password.' });
    minLength(path.password, PASSWORD_LENGTH, {
      message: `The password needs at least ${String(PASSWORD_LENGTH)} characters.`,
    });
  });
  protected readonly error = signal<unknown>(null);

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        const { token, ...user } = this.model();
        await firstValueFrom(this.gateway.setup({ token: token.trim(), ...user }));
        await this.session.load();
        await this.router.navigate(['/runs']);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}
