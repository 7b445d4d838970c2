import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, pattern, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom, type Observable } from 'rxjs';
import { Questions } from '../../shared/dialogs/questions';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { FieldError } from '../../shared/field-error';
import { RelativeTime } from '../../shared/format/relative-time';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Secret, SettingsGateway } from '../settings-gateway';

const EMPTY = { name: '', value: '', profile: '', project: '' };

/** Secrets for steps: stored, changed and removed, and never shown. */
@Component({
  selector: 'o-secrets',
  imports: [EmptyState, FieldError, FormField, MatButton, ProblemBanner, RelativeTime],
  templateUrl: './secrets.html',
  styleUrl: './secrets.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Secrets {
  private readonly gateway = inject(SettingsGateway);
  private readonly questions = inject(Questions);
  protected readonly resource = rxResource({ stream: () => this.gateway.secrets() });
  protected readonly secrets = keepLast(this.resource);
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Name the variable that steps get it in.' });
    pattern(path.name, /^[A-Z][A-Z0-9_]{0,63}$/, { message: 'Capital letters, digits and underscores.' });
    required(path.value, { message: 'Enter the value.' });
  });
  protected readonly error = signal<unknown>(null);
  /** The secret whose value is being changed. */
  protected readonly changing = signal<Secret | null>(null);

  protected async store(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      const { name, value, profile, project } = this.model();
      const known = this.changing();
      const request =
        known === null
          ? this.gateway.createSecret({
              ...{ name, value, profile: profile.trim() || null, project: project.trim() || null },
            })
          : this.gateway.setSecret(known.secret_id, value);
      if (await this.act(request)) this.reset();
      return undefined;
    });
  }

  protected change(secret: Secret): void {
    this.changing.set(secret);
    this.model.set({
      ...{ name: secret.name, value: '' },
      ...{ profile: secret.profile ?? '', project: secret.project ?? '' },
    });
  }

  protected reset(): void {
    this.changing.set(null);
    this.fields().reset(EMPTY);
  }

  protected async remove(secret: Secret): Promise<void> {
    const answer = await this.questions.ask({
      title: `Remove ${secret.name}?`,
      text: 'Steps that name it fail from now on.',
      label: null,
      required: false,
      confirm: 'Remove the secret',
      danger: true,
    });
    if (answer !== undefined) await this.act(this.gateway.deleteSecret(secret.secret_id));
  }

  private async act(work: Observable<unknown>): Promise<boolean> {
    this.error.set(null);
    try {
      await firstValueFrom(work, { defaultValue: null });
      this.resource.reload();
      return true;
    } catch (error) {
      this.error.set(error);
      return false;
    }
  }
}
