import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { form, FormField, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { FieldError } from '../../shared/field-error';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { toProblem } from '../../shared/problem/problem';
import { Session } from '../session';

/** The second half of a sign-in by password: the code of the authenticator. */
@Component({
  selector: 'o-code-form',
  imports: [FieldError, FormField, MatButton, ProblemBanner],
  template: `
    <form class="form" novalidate (submit)="signIn($event)">
      @if (error(); as problem) {
        <o-problem [error]="problem" />
      }
      <div class="field">
        <label for="code">Code of your authenticator</label>
        <input
          id="code"
          class="input mono"
          inputmode="text"
          autocomplete="one-time-code"
          spellcheck="false"
          [formField]="fields.code"
        />
        <span class="hint">Without the authenticator: one of your recovery codes.</span>
        <o-field-error [field]="fields.code" />
      </div>
      <div class="row">
        <button matButton="filled" type="submit" [disabled]="fields().submitting()">Sign in</button>
        <button matButton type="button" (click)="back.emit(null)">Back</button>
      </div>
    </form>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CodeForm {
  /** Of the answer to the password. */
  readonly ticket = input.required<string>();
  readonly done = output();
  /** To the password: with what made it necessary, or null. */
  readonly back = output<unknown>();

  private readonly session = inject(Session);
  protected readonly model = signal({ code: '' });
  protected readonly fields = form(this.model, (path) => {
    required(path.code, { message: 'Enter the code.' });
  });
  protected readonly error = signal<unknown>(null);

  protected async signIn(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        await this.session.loginTotp(this.ticket(), this.model().code);
        this.done.emit();
      } catch (error) {
        if (toProblem(error).code === 'totp_ticket_invalid') this.back.emit(error);
        else this.error.set(error);
      }
      return undefined;
    });
  }
}
