import { ChangeDetectionStrategy, Component, inject, input, linkedSignal, signal } from '@angular/core';
import { form, FormField, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { FieldError } from '../../shared/field-error';
import { RelativeTime } from '../../shared/format/relative-time';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { AuthCard } from '../auth-card';
import { AuthGateway, type WaitingDevice } from '../auth-gateway';
import { Session } from '../session';

/** Lets a program on another terminal sign in as the person, after they compared the code. */
@Component({
  selector: 'o-device-page',
  imports: [AuthCard, FieldError, FormField, MatButton, ProblemBanner, RelativeTime, RouterLink],
  templateUrl: './device-page.html',
  styles: `
    .stack {
      margin-top: var(--o-4);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DevicePage {
  /** From the query: fills the field in, no more. */
  readonly code = input('', { transform: (text: string | undefined) => text ?? '' });

  private readonly gateway = inject(AuthGateway);
  protected readonly me = inject(Session).user;
  protected readonly model = linkedSignal(() => ({ code: this.code() }));
  protected readonly fields = form(this.model, (path) => {
    required(path.code, { message: 'Enter the code.' });
  });
  protected readonly device = signal<WaitingDevice | null>(null);
  protected readonly outcome = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly error = signal<unknown>(null);

  protected async look(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      await this.trying(async () => {
        this.device.set(await firstValueFrom(this.gateway.device(this.model().code)));
      });
      return undefined;
    });
  }

  protected async decide(approve: boolean): Promise<void> {
    const code = this.device()?.user_code;
    if (code === undefined) return;
    this.busy.set(true);
    await this.trying(async () => {
      await firstValueFrom(this.gateway.decideDevice(code, approve), { defaultValue: null });
      this.outcome.set(approve ? 'It is signed in. You can close this page.' : 'It was refused.');
    });
    this.busy.set(false);
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    this.error.set(null);
    try {
      await work();
    } catch (error) {
      // The code may be used up or over: it can be entered anew.
      this.device.set(null);
      this.error.set(error);
    }
  }
}
