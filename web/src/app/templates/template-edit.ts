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
import { form, FormField, maxLength, pattern, required, submit } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { ProfileChoice } from '../profiles/profile-choice';
import { ProfilesGateway } from '../profiles/profiles-gateway';
import { draftOfPreset, EMPTY_DRAFT, type ParameterValues, type RunDraft } from '../runs/new-run/run-draft';
import { RunFields } from '../runs/new-run/run-fields';
import { RunForm } from '../runs/new-run/run-form';
import { Drafts } from '../shared/drafts';
import { EmptyState } from '../shared/empty-state/empty-state';
import { FieldError } from '../shared/field-error';
import { keepLast } from '../shared/keep-last';
import { Loading } from '../shared/loading';
import { isMissing, toProblem } from '../shared/problem/problem';
import { ProblemBanner } from '../shared/problem/problem-banner';
import { PageTitle } from '../shell/page-title';
import { TemplatesGateway } from './templates-gateway';

const NEW = 'templates.new';

/** Makes a template, or changes one. A new one may begin with what was typed for a run. */
@Component({
  selector: 'o-template-edit',
  imports: [
    EmptyState,
    FieldError,
    FormField,
    Loading,
    MatButton,
    ProblemBanner,
    ProfileChoice,
    RouterLink,
    RunFields,
  ],
  templateUrl: './template-edit.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TemplateEdit {
  /** The template that is changed; undefined: a new one. */
  readonly name = input<string>();
  private readonly gateway = inject(TemplatesGateway);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
  private readonly profilesGateway = inject(ProfilesGateway);
  protected readonly profileList = rxResource({ stream: () => this.profilesGateway.list() });
  protected readonly profiles = keepLast(this.profileList);
  protected readonly resource = rxResource({
    params: () => this.name(),
    stream: ({ params }) => this.gateway.get(params),
  });
  private readonly known = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));
  private readonly draft = linkedSignal<RunDraft>(() => {
    const known = this.known();
    if (known === undefined) return this.drafts.read<RunDraft>(NEW, EMPTY_DRAFT);
    return draftOfPreset({ ...known.preset, profile: known.profile });
  });
  private readonly parameters = linkedSignal<ParameterValues>(
    () => this.known()?.preset.parameters ?? this.drafts.read<ParameterValues>(`${NEW}.parameters`, {}),
  );
  protected readonly form = new RunForm(this.draft, this.parameters, this.profiles);
  private readonly title = linkedSignal(() => ({
    name: this.name() ?? '',
    description: this.known()?.description ?? '',
  }));
  protected readonly named = form(this.title, (path) => {
    required(path.name, { message: 'Name the template.' });
    pattern(path.name, /^[a-z][a-z0-9_]{0,62}$/, {
      message: 'A lower-case letter, then at most 62 lower-case letters, digits or underscores.',
    });
    maxLength(path.description, 2000, { message: 'At most 2,000 characters.' });
  });
  protected readonly ready = computed(() => this.named().valid() && this.form.ready());
  protected readonly missing = computed(() => isMissing(this.resource.error()));
  protected readonly error = signal<unknown>(null);
  protected readonly problem = computed(() => (this.error() === null ? null : toProblem(this.error())));

  constructor() {
    const page = inject(PageTitle);
    effect(() => {
      page.set(this.missing() ? 'No such template' : (this.name() ?? 'New template'));
    });
    effect(() => {
      if (this.name() !== undefined) return;
      this.drafts.write(NEW, this.draft());
      this.drafts.write(`${NEW}.parameters`, this.parameters());
    });
  }

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.form.ready()) return;
    await submit(this.named, async () => {
      this.error.set(null);
      const { profile, ...preset } = this.form.request();
      const { name, description } = this.title();
      // What the form has no field for stays as it is.
      const kept = { metadata: this.known()?.preset.metadata, priority: this.known()?.preset.priority };
      try {
        await firstValueFrom(
          this.gateway.put(name, {
            profile,
            description: description.trim() || null,
            preset: {
              ...(kept.metadata ? { metadata: kept.metadata } : {}),
              ...(kept.priority ? { priority: kept.priority } : {}),
              ...preset,
            },
          }),
        );
        this.drafts.clear(NEW);
        this.drafts.clear(`${NEW}.parameters`);
        await this.router.navigate(['/templates']);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}
