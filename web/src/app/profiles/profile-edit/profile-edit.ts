import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom, switchMap, timer } from 'rxjs';
import { Drafts } from '../../shared/drafts';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { Loading } from '../../shared/loading';
import { CompareTexts } from '../../shared/preview/diff/compare-view';
import { isMissing, toProblem } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { PageTitle } from '../../shell/page-title';
import { ProfilesGateway } from '../profiles-gateway';
import { YamlEditor } from '../yaml-editor/yaml-editor';
import { declaredName, STARTER } from './profile-text';

/** The server is asked once nobody has typed for this long, milliseconds. */
const TYPED_MS = 350;

/**
 * Writes a new version of a profile: checked while it is typed, compared with what is published before it takes its
 * place, and nothing that is typed is lost.
 */
@Component({
  selector: 'o-profile-edit',
  imports: [CompareTexts, EmptyState, Loading, MatButton, ProblemBanner, RouterLink, YamlEditor],
  templateUrl: './profile-edit.html',
  styleUrl: './profile-edit.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ProfileEdit {
  /** The profile that is changed; undefined: a new one. */
  readonly name = input<string>();
  private readonly gateway = inject(ProfilesGateway);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
  protected readonly resource = rxResource({
    params: () => this.name(),
    stream: ({ params }) => this.gateway.get(params, null),
  });
  private readonly key = computed(() => `profile.${this.name() ?? ''}`);
  /** What is published now; undefined while it is read, or where there is nothing. */
  protected readonly original = computed(() =>
    this.resource.hasValue() ? this.resource.value().source : undefined,
  );
  /** Its number; 0 where nothing is published. */
  protected readonly version = computed(() => (this.resource.hasValue() ? this.resource.value().version : 0));
  private readonly draft = linkedSignal(() => {
    const published = this.name() === undefined ? STARTER : (this.original() ?? '');
    return this.drafts.read(this.key(), { text: published, version: this.version() });
  });
  protected readonly text = computed(() => this.draft().text);
  /** Version that the draft was begun with, where another was published since; null otherwise. */
  protected readonly overtaken = computed(() =>
    this.changed() && this.version() > 0 && this.draft().version !== this.version()
      ? this.draft().version
      : null,
  );
  private readonly published = rxResource({ stream: () => this.gateway.schema() });
  /** Without it everything works but the proposals. */
  protected readonly schema = computed(() =>
    this.published.hasValue() ? this.published.value() : undefined,
  );
  protected readonly publishing = computed(() =>
    this.declared() === this.name()
      ? `Publish version ${this.version() + 1}`
      : `Publish as ${this.declared()}`,
  );
  protected readonly ready = computed(() => this.name() === undefined || this.resource.hasValue());
  protected readonly missing = computed(() => isMissing(this.resource.error()));
  protected readonly changed = computed(() => this.text() !== (this.original() ?? ''));
  protected readonly comparing = signal(false);
  protected readonly checked = rxResource({
    params: () => (this.text().trim() === '' ? undefined : this.text()),
    stream: ({ params }) => timer(TYPED_MS).pipe(switchMap(() => this.gateway.validate(params))),
  });
  protected readonly errors = computed(() => (this.checked.hasValue() ? this.checked.value().errors : []));
  protected readonly declared = computed(() => declaredName(this.text()));
  protected readonly busy = signal(false);
  protected readonly publishable = computed(
    () =>
      !this.busy() &&
      this.declared() !== null &&
      this.checked.hasValue() &&
      this.checked.value().valid &&
      this.changed(),
  );
  protected readonly error = signal<unknown>(null);

  constructor() {
    const title = inject(PageTitle);
    effect(() => {
      title.set(this.missing() ? 'No such profile' : (this.name() ?? 'New profile'));
    });
    effect(() => {
      // Only what differs is a draft: an untouched text follows what is published.
      if (this.changed() && this.text() !== '') this.drafts.write(this.key(), this.draft());
    });
  }

  protected type(text: string): void {
    this.draft.update(({ version }) => ({ text, version: this.changed() ? version : this.version() }));
  }

  protected undo(): void {
    this.drafts.clear(this.key());
    this.comparing.set(false);
    this.draft.set({ text: this.original() ?? STARTER, version: this.version() });
  }

  protected detail(error: unknown): string {
    return toProblem(error).detail;
  }

  /** Shows first what would change, where something is published that would. */
  protected goOn(): void {
    if (this.original() !== undefined && !this.comparing()) this.comparing.set(true);
    else void this.publish();
  }

  private async publish(): Promise<void> {
    const name = this.declared();
    if (name === null) return;
    this.busy.set(true);
    this.error.set(null);
    try {
      await firstValueFrom(this.gateway.publish(name, this.text()));
      this.drafts.clear(this.key());
      await this.router.navigate(['/profiles', name]);
    } catch (error) {
      this.error.set(error);
    } finally {
      this.busy.set(false);
    }
  }
}
