import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { form, FormField, pattern, required, submit, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { firstValueFrom, type Observable } from 'rxjs';
import { Session } from '../../auth/session';
import { Questions } from '../../shared/dialogs/questions';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { FieldError } from '../../shared/field-error';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { kindLabel, PROVIDER_KINDS } from './provider-kinds';
import { type Provider, ProvidersGateway, type ProviderTest } from './providers-gateway';

const EMPTY = {
  ...{ kind: 'anthropic' as Provider['kind'], name: '', key: '', base_url: '', region: '' },
  api: '' as '' | NonNullable<Provider['api']>,
  ...{ default_model: 'claude-sonnet-4-5', priority: 0, scope: 'own' as Provider['scope'] },
};

/** Model providers: set up, called once for a test, changed and removed; keys are never shown. */
@Component({
  selector: 'o-providers',
  imports: [EmptyState, FieldError, FormField, MatButton, ProblemBanner],
  templateUrl: './providers.html',
  styleUrl: './providers.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Providers {
  private readonly gateway = inject(ProvidersGateway);
  private readonly questions = inject(Questions);
  private readonly session = inject(Session);
  protected readonly kinds = PROVIDER_KINDS;
  protected readonly label = kindLabel;
  protected readonly resource = rxResource({ stream: () => this.gateway.all() });
  protected readonly providers = keepLast(this.resource);
  protected readonly mayForEveryone = computed(() => this.session.may('providers:manage'));
  protected readonly model = signal(EMPTY);
  protected readonly fields = form(this.model, (path) => {
    required(path.name, { message: 'Give it a name; steps may ask for it by name.' });
    pattern(path.name, /^[a-z0-9][a-z0-9_-]{0,62}$/, {
      message: 'Small letters, digits, underscores and hyphens.',
    });
    pattern(path.base_url, /^https?:\/\/.+/, { message: 'An address that begins with http:// or https://.' });
    validate(path.base_url, ({ value, valueOf }) =>
      valueOf(path.kind) === 'openai_compatible' && value() === ''
        ? { kind: 'required', message: 'Say where the server is.' }
        : null,
    );
  });
  protected readonly error = signal<unknown>(null);
  /** The provider that is being changed. */
  protected readonly changing = signal<Provider | null>(null);
  /** Whose test is running. */
  protected readonly testing = signal<string | null>(null);
  /** What the last test of each gave. */
  protected readonly tests = signal<Readonly<Record<string, ProviderTest>>>({});

  protected mayChange(provider: Provider): boolean {
    return provider.source === 'stored' && this.mayTest(provider);
  }

  protected mayTest(provider: Provider): boolean {
    return provider.scope === 'own' || this.mayForEveryone();
  }

  /** Another kind has another model to begin with, unless one was entered. */
  protected suggest(): void {
    const { kind, default_model: model } = this.model();
    const isSuggested = model === '' || this.kinds.some((known) => known.model === model);
    const suggested = this.kinds.find((known) => known.kind === kind)?.model ?? '';
    if (isSuggested) this.model.update((before) => ({ ...before, default_model: suggested }));
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      const { kind, name, scope, key, ...rest } = this.model();
      const more = {
        ...{ base_url: rest.base_url.trim() || null, region: rest.region.trim() || null },
        ...{ default_model: rest.default_model.trim() || null, priority: rest.priority },
        api: kind === 'openai' ? rest.api || null : null,
        ...(key === '' ? {} : { key }),
      };
      const known = this.changing();
      const request =
        known === null
          ? this.gateway.create({ kind, name, scope, ...more })
          : this.gateway.update(known.provider_id, more);
      if (await this.act(request)) this.reset();
      return undefined;
    });
  }

  protected change(provider: Provider): void {
    const { kind, name, scope, priority } = provider;
    this.changing.set(provider);
    this.model.set({
      ...{ kind, name, scope, priority, key: '' },
      ...{ base_url: provider.base_url ?? '', region: provider.region ?? '' },
      ...{ default_model: provider.default_model ?? '', api: provider.api ?? '' },
    });
  }

  protected reset(): void {
    this.changing.set(null);
    this.fields().reset(EMPTY);
  }

  protected async toggle({ provider_id: id, enabled }: Provider): Promise<void> {
    await this.act(this.gateway.update(id, { enabled: !enabled }));
  }

  protected async test({ provider_id: id }: Provider): Promise<void> {
    this.testing.set(id);
    this.error.set(null);
    try {
      const found = await firstValueFrom(this.gateway.test(id));
      this.tests.update((before) => ({ ...before, [id]: found }));
    } catch (error) {
      this.error.set(error);
    } finally {
      this.testing.set(null);
    }
  }

  protected async remove(provider: Provider): Promise<void> {
    const answer = await this.questions.ask({
      title: `Remove ${provider.name}?`,
      text: 'Agent steps that only it served wait for somebody else from now on.',
      label: null,
      required: false,
      confirm: 'Remove the provider',
      danger: true,
    });
    if (answer !== undefined) await this.act(this.gateway.remove(provider.provider_id));
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
