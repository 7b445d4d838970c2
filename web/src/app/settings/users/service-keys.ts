import { ChangeDetectionStrategy, Component, inject, input, output, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { FieldError } from '../../shared/field-error';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { KeyTable } from '../api-keys/key-table';
import { MadeKey } from '../api-keys/made-key';
import { type ApiKey, SettingsGateway, type User } from '../settings-gateway';

const EMPTY = { name: '', scopes: '', expires: '' };

/** The API keys of one service account: made, shown once, revoked. */
@Component({
  selector: 'o-service-keys',
  imports: [FieldError, FormField, KeyTable, MadeKey, MatButton, ProblemBanner],
  templateUrl: './service-keys.html',
  styles: `
    form {
      align-items: flex-end;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ServiceKeys {
  readonly account = input.required<User>();
  readonly closed = output();

  private readonly gateway = inject(SettingsGateway);
  protected readonly resource = rxResource({
    params: () => this.account().user_id,
    stream: ({ params: id }) => this.gateway.serviceKeys(id),
  });
  protected readonly keys = keepLast(this.resource);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Say what the key is for.' });
  });
  protected readonly error = signal<unknown>(null);
  /** The key that was just made: it is never shown again. */
  protected readonly made = signal<string | null>(null);

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      const { name, scopes: typed, expires } = this.model();
      const scopes = typed.split(/[\s,]+/).filter((scope) => scope !== '');
      // What is no permission is refused by the server, in words.
      const request = {
        name: name.trim(),
        scopes: scopes.length === 0 ? null : (scopes as NonNullable<ApiKey['scopes']>),
        expires_at: expires === '' ? null : new Date(`${expires}T23:59:59`).toISOString(),
      };
      await this.trying(async () => {
        const created = await firstValueFrom(this.gateway.createServiceKey(this.account().user_id, request));
        this.made.set(created.key);
        this.fields().reset(EMPTY);
      });
      return undefined;
    });
  }

  protected revoke(key: ApiKey): Promise<void> {
    return this.trying(async () => {
      const request = this.gateway.revokeServiceKey(this.account().user_id, key.api_key_id);
      await firstValueFrom(request, { defaultValue: null });
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
