import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, maxLength, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { FieldError } from '../../shared/field-error';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type ApiKey, SettingsGateway } from '../settings-gateway';
import { KeyTable } from './key-table';
import { MadeKey } from './made-key';

const EMPTY = { name: '', expires: '' };

/** My API keys: made, shown once, revoked. */
@Component({
  selector: 'o-api-keys',
  imports: [EmptyState, FieldError, FormField, KeyTable, MadeKey, MatButton, ProblemBanner],
  templateUrl: './api-keys.html',
  styleUrl: './api-keys.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ApiKeys {
  private readonly gateway = inject(SettingsGateway);
  protected readonly resource = rxResource({ stream: () => this.gateway.apiKeys() });
  protected readonly keys = keepLast(this.resource);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Say what the key is for.' });
    maxLength(path.name, 100, { message: 'At most 100 characters.' });
  });
  protected readonly error = signal<unknown>(null);
  /** The key that was just made: it is never shown again. */
  protected readonly made = signal<string | null>(null);

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        const { name, expires } = this.model();
        const expiresAt = expires === '' ? null : new Date(`${expires}T23:59:59`).toISOString();
        const created = await firstValueFrom(
          this.gateway.createApiKey({ name: name.trim(), expires_at: expiresAt }),
        );
        this.made.set(created.key);
        this.fields().reset(EMPTY);
        this.resource.reload();
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }

  protected async revoke(key: ApiKey): Promise<void> {
    this.error.set(null);
    try {
      await firstValueFrom(this.gateway.revokeApiKey(key.api_key_id), { defaultValue: null });
      this.resource.reload();
    } catch (error) {
      this.error.set(error);
    }
  }
}
