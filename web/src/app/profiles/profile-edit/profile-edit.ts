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
import { CompareTexts } from '../../shared/preview/diff/compare-view';
import { toProblem } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { PageTitle } from '../../shell/page-title';
import { ProfilesGateway } from '../profiles-gateway';
import { declaredName, offsetOf, STARTER } from './profile-text';

/** The server is asked once nobody has typed for this long, milliseconds. */
const TYPED_MS = 350;

/** Writes a new version of a profile; it is checked while it is typed, and nothing that is typed is lost. */
@Component({
  selector: 'o-profile-edit',
  imports: [CompareTexts, MatButton, ProblemBanner, RouterLink],
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
  protected readonly text = linkedSignal(() => {
    const published = this.name() === undefined ? STARTER : (this.original() ?? '');
    return this.drafts.read(this.key(), { text: published }).text;
  });
  protected readonly changed = computed(() => this.text() !== (this.original() ?? ''));
  protected readonly comparing = signal(false);
  protected readonly checked = rxResource({
    params: () => (this.text().trim() === '' ? undefined : this.text()),
    stream: ({ params }) => timer(TYPED_MS).pipe(switchMap(() => this.gateway.validate(params))),
  });
  protected readonly errors = computed(() => (this.checked.hasValue() ? this.checked.value().errors : []));
  protected readonly lines = computed(() => {
    const bad = new Set(this.errors().map(({ line }) => line));
    return this.text()
      .split('\n')
      .map((_, index) => ({ bad: bad.has(index + 1) }));
  });
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
      title.set(this.name() ?? 'New profile');
    });
    effect(() => {
      // Only what differs is a draft: an untouched text follows what is published.
      if (this.changed() && this.text() !== '') this.drafts.write(this.key(), { text: this.text() });
    });
  }

  protected type(event: Event): void {
    if (event.target instanceof HTMLTextAreaElement) this.text.set(event.target.value);
  }

  /** Two blanks, as YAML wants them; with Shift the key leaves the field as everywhere. */
  protected indent(event: Event): void {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    event.preventDefault();
    const { selectionStart: from, selectionEnd: to } = event.target;
    event.target.setRangeText('  ', from, to, 'end');
    this.text.set(event.target.value);
  }

  protected undo(): void {
    this.drafts.clear(this.key());
    this.comparing.set(false);
    this.text.set(this.original() ?? STARTER);
  }

  protected goTo(field: HTMLTextAreaElement, line: number, column: number): void {
    const place = offsetOf(this.text(), line, column);
    field.focus();
    field.setSelectionRange(place, place);
    field.scrollTop = Math.max(line - 6, 0) * 20;
  }

  protected detail(error: unknown): string {
    return toProblem(error).detail;
  }

  protected async publish(): Promise<void> {
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
