import { HttpErrorResponse } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { email, form, FormField, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { FieldError } from '../../shared/field-error';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { AuthCard } from '../auth-card';
import { ownPath } from '../own-path';
import { ProviderLink } from '../provider-link';
import { Session } from '../session';
import { CodeForm } from './code-form';
import { failureText } from './failure-text';

/** Signs in with e-mail and password or at the identity provider, and returns to the page that asked for it. */
@Component({
  selector: 'o-login-page',
  imports: [AuthCard, CodeForm, FieldError, FormField, MatButton, ProblemBanner, ProviderLink],
  templateUrl: './login-page.html',
  styles: `
    .refusal {
      margin-top: var(--o-3);
      padding: var(--o-3) var(--o-4);
      border: 1px solid var(--o-bad);
      border-radius: var(--o-radius);
      background: var(--o-bad-soft);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LoginPage {
  /** Where to go afterwards, from the query. */
  readonly return = input<string>();
  /** Why the sign-in at the identity provider did not work, from the query. */
  readonly failure = input<string>();

  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly model = signal({ email: '', password: '' });
  protected readonly fields = form(this.model, (path) => {
    required(path.email, { message: 'Enter your e-mail address.' });
    email(path.email, { message: 'This is not an e-mail address.' });
    required(path.password, { message: 'Enter your password.' });
  });
  protected readonly wanted = computed(() => ownPath(this.return()));
  protected readonly failureText = computed(() => failureText(this.failure()));
  protected readonly error = signal<unknown>(null);

  /** Given where the password was right and a code is needed too. */
  protected readonly ticket = signal<string | null>(null);

  protected async goOn(): Promise<void> {
    await this.router.navigateByUrl(this.wanted());
  }

  /** Back to the password. */
  protected again(error: unknown): void {
    this.ticket.set(null);
    this.error.set(error);
  }

  protected async signIn(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        const { email: address, password } = this.model();
        await this.session.login(address, password);
        await this.goOn();
      } catch (error) {
        const ticket = ticketOf(error);
        if (ticket === null) this.error.set(error);
        else this.ticket.set(ticket);
      }
      return undefined;
    });
  }
}

function ticketOf(error: unknown): string | null {
  const body: unknown = error instanceof HttpErrorResponse ? error.error : null;
  const ticket = typeof body === 'object' && body !== null && 'totp_ticket' in body ? body.totp_ticket : null;
  return typeof ticket === 'string' ? ticket : null;
}
