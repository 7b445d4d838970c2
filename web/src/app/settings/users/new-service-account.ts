import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';
import { form, FormField, pattern, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import type { Role } from '../../auth/auth-gateway';
import { FieldError } from '../../shared/field-error';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { SettingsGateway } from '../settings-gateway';

const EMPTY: { handle: string; name: string; role: Role } = { handle: '', name: '', role: 'member' };

/** Makes an account for a program, which acts with API keys alone. */
@Component({
  selector: 'o-new-service-account',
  imports: [FieldError, FormField, MatButton, ProblemBanner],
  template: `
    <section class="panel">
      <div class="panel-head"><h2>New service account</h2></div>
      <form class="inside row wrap" novalidate (submit)="create($event)">
        @if (error(); as problem) {
          <o-problem class="grow" [error]="problem" />
        }
        <div class="field">
          <label for="service-handle">Handle</label>
          <input
            id="service-handle"
            class="input"
            placeholder="nightly-build"
            autocomplete="off"
            [formField]="fields.handle"
          />
          <o-field-error [field]="fields.handle" />
        </div>
        <div class="field grow">
          <label for="service-name">Name</label>
          <input id="service-name" class="input" autocomplete="off" [formField]="fields.name" />
          <o-field-error [field]="fields.name" />
        </div>
        <div class="field">
          <label for="service-role">Role</label>
          <select id="service-role" class="input" [formField]="fields.role">
            <option value="admin">admin</option>
            <option value="member">member</option>
            <option value="viewer">viewer</option>
          </select>
        </div>
        <button matButton="filled" type="submit" [disabled]="fields().submitting()">
          Create the service account
        </button>
      </form>
    </section>
  `,
  styles: `
    form {
      align-items: flex-end;
    }
    o-problem {
      flex-basis: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NewServiceAccount {
  readonly created = output();

  private readonly gateway = inject(SettingsGateway);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.handle, { message: 'Choose a handle.' });
    pattern(path.handle, /^[a-z0-9][a-z0-9-]{0,62}$/, {
      message: 'Lower-case letters, digits and dashes.',
    });
    required(path.name, { message: 'Enter a name.' });
  });
  protected readonly error = signal<unknown>(null);

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        await firstValueFrom(this.gateway.createServiceAccount(this.model()));
        this.fields().reset(EMPTY);
        this.created.emit();
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}
