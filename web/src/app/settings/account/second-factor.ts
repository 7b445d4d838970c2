import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { CopyText } from '../../shared/copy-text';
import { FieldError } from '../../shared/field-error';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Enrolment, SecondFactorGateway } from './second-factor-gateway';

const NO_PASSWORD = { password: '' };
const NO_CODE = { code: '' };

/** Codes of an authenticator beside the password: set up, confirmed, turned off. */
@Component({
  selector: 'o-second-factor',
  imports: [CopyText, FieldError, FormField, MatButton, ProblemBanner, RelativeTime],
  templateUrl: './second-factor.html',
  styles: `
    .field {
      max-width: 420px;
    }
    .qr {
      background: white;
      border-radius: var(--o-radius);
    }
    .codes {
      columns: 2;
      max-width: 320px;
      margin: var(--o-3) 0;
      padding: 0;
      list-style: none;
    }
    .secret {
      overflow-wrap: anywhere;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SecondFactor {
  /** Somebody has kept the recovery codes. */
  readonly noted = output();
  private readonly gateway = inject(SecondFactorGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.state() });
  protected readonly state = keepLast(this.resource);
  protected readonly model = signal(NO_PASSWORD);
  protected readonly fields = form(this.model, (path) => {
    required(path.password, { message: 'Enter your password.' });
  });
  protected readonly codeModel = signal(NO_CODE);
  protected readonly codeFields = form(this.codeModel, (path) => {
    required(path.code, { message: 'Enter the code.' });
  });
  protected readonly error = signal<unknown>(null);
  /** The secret that is to be confirmed. */
  protected readonly enrolment = signal<Enrolment | null>(null);
  /** Shown once. */
  protected readonly codes = signal<readonly string[] | null>(null);
  /** As an image it can run nothing. */
  protected readonly picture = computed(
    () => `data:image/svg+xml,${encodeURIComponent(this.enrolment()?.qr_svg ?? '')}`,
  );

  protected haveNoted(): void {
    this.codes.set(null);
    this.noted.emit();
  }

  protected begin(event: Event): Promise<void> {
    event.preventDefault();
    if (this.state()?.enabled === true) return Promise.resolve();
    return this.withPassword(async (password) => {
      this.enrolment.set(await firstValueFrom(this.gateway.begin(password)));
    });
  }

  protected async confirm(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.codeFields, async () => {
      await this.trying(async () => {
        this.codes.set(await firstValueFrom(this.gateway.confirm(this.codeModel().code)));
        this.enrolment.set(null);
        this.codeFields().reset(NO_CODE);
      });
      return undefined;
    });
  }

  protected renew(): Promise<void> {
    return this.withPassword(async (password) => {
      this.codes.set(await firstValueFrom(this.gateway.renewCodes(password)));
    });
  }

  protected remove(): Promise<void> {
    return this.withPassword(async (password) => {
      await firstValueFrom(this.gateway.remove(password), { defaultValue: null });
    });
  }

  private async withPassword(work: (password: string) => Promise<void>): Promise<void> {
    await submit(this.fields, async () => {
      await this.trying(async () => {
        await work(this.model().password);
        this.fields().reset(NO_PASSWORD);
      });
      return undefined;
    });
  }

  private async trying(work: () => Promise<void>): Promise<void> {
    this.error.set(null);
    try {
      await work();
      this.resource.reload();
    } catch (error) {
      this.error.set(error);
    }
  }
}
