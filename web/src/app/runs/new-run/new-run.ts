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
import { form, FormField, maxLength, required, submit, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { v7 as uuid } from 'uuid';
import { ProfilesGateway } from '../../profiles/profiles-gateway';
import { CopyText } from '../../shared/copy-text';
import { Drafts } from '../../shared/drafts';
import { FieldError } from '../../shared/field-error';
import { FileDrop } from '../../shared/file-drop';
import { keepLast } from '../../shared/keep-last';
import { Loading } from '../../shared/loading';
import { MarkdownView } from '../../shared/preview/markdown-view';
import { toProblem } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { RunsGateway } from '../runs-gateway';
import { parameterError, parameterFields } from './parameter-fields';
import { ParameterForm } from './parameter-form';
import { ProfileCards } from './profile-cards';
import {
  draftKeys,
  EMPTY_DRAFT,
  limitError,
  type ParameterValues,
  repositoryError,
  type RunDraft,
  toRequest,
} from './run-draft';
import { RunEstimate } from './run-estimate';
import { cliCommand, curlCommand } from './shell-commands';

const INTAKE_LIMIT = 200_000;

/** Starts a run: what, from which intake and repository, with which limits. What is typed outlives errors and reloads. */
@Component({
  selector: 'o-new-run',
  imports: [
    CopyText,
    FieldError,
    FileDrop,
    FormField,
    Loading,
    MarkdownView,
    MatButton,
    ParameterForm,
    ProblemBanner,
    ProfileCards,
    RouterLink,
    RunEstimate,
  ],
  templateUrl: './new-run.html',
  styleUrl: './new-run.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NewRun {
  /** Profile that the address names. */
  readonly profile = input<string>();
  /** Run that the new one is to be like. */
  readonly from = input<string>();

  private readonly runs = inject(RunsGateway);
  private readonly drafts = inject(Drafts);
  private readonly router = inject(Router);
  private readonly profilesGateway = inject(ProfilesGateway);
  protected readonly resource = rxResource({ stream: () => this.profilesGateway.list() });
  protected readonly profiles = keepLast(this.resource);

  private readonly keys = computed(() => draftKeys(this.from() ?? null));
  protected readonly draft = linkedSignal(() => {
    const kept = this.drafts.read<RunDraft>(this.keys().draft, EMPTY_DRAFT);
    return { ...kept, profile: this.profile() ?? kept.profile };
  });
  protected readonly parameters = linkedSignal<ParameterValues>(() =>
    this.drafts.read<ParameterValues>(this.keys().parameters, {}),
  );
  protected readonly chosen = computed(() =>
    this.profiles()?.find(({ name }) => name === this.draft().profile),
  );
  protected readonly need = computed(() => this.chosen()?.repository ?? 'none');
  protected readonly fields = form(this.draft, (path) => {
    required(path.profile, { message: 'Choose a profile.' });
    maxLength(path.projectName, 200, { message: 'At most 200 characters.' });
    maxLength(path.intake, INTAKE_LIMIT, { message: 'At most 200,000 characters.' });
    validate(path.repositoryPlace, ({ value, valueOf }) =>
      failed(repositoryError(valueOf(path.repositoryKind), value(), this.need())),
    );
    validate(path.maxCostUsd, ({ value }) => failed(limitError(value(), 'money')));
    validate(path.maxTokens, ({ value }) => failed(limitError(value(), 'count')));
  });
  protected readonly parameterFields = computed(() => parameterFields(this.chosen()?.parameters ?? null));
  private readonly given = computed(() => {
    const known = new Set(this.parameterFields().map(({ name }) => name));
    return Object.fromEntries(Object.entries(this.parameters()).filter(([name]) => known.has(name)));
  });
  private readonly parametersFit = computed(() =>
    this.parameterFields().every((field) => parameterError(field, this.given()[field.name]) === null),
  );
  private readonly request = computed(() => toRequest(this.draft(), this.given(), this.need()));
  /** Lives as long as the request stays the same: sending it again after a lost answer makes no second run. */
  private readonly key = linkedSignal({ source: this.request, computation: () => uuid() });
  protected readonly commands = computed(() => [
    { name: 'Command line', text: cliCommand(this.request(), location.origin) },
    { name: 'curl', text: curlCommand(this.request(), location.origin) },
  ]);
  protected readonly ready = computed(() => this.fields().valid() && this.parametersFit());
  protected readonly preview = signal(false);
  protected readonly error = signal<unknown>(null);
  protected readonly problem = computed(() => (this.error() === null ? null : toProblem(this.error())));

  constructor() {
    effect(() => {
      this.drafts.write(this.keys().draft, this.draft());
      this.drafts.write(this.keys().parameters, this.parameters());
    });
    effect(() => {
      this.fitRepository();
    });
  }

  protected choose(profile: string): void {
    this.draft.update((draft) => ({ ...draft, profile }));
  }

  protected async takeFile(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return;
    const intake = await file.text();
    this.draft.update((draft) => ({ ...draft, intake }));
  }

  protected async start(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.parametersFit()) return;
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        const run = await firstValueFrom(this.runs.create(this.request(), this.key()));
        await this.router.navigate(['/runs', run.run_id]);
        this.drafts.clear(this.keys().draft);
        this.drafts.clear(this.keys().parameters);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }

  /** A profile that needs a repository is asked for one at once. */
  private fitRepository(): void {
    if (this.need() === 'required' && this.draft().repositoryKind === 'none') {
      this.draft.update((draft) => ({ ...draft, repositoryKind: 'url' }));
    }
  }
}

const failed = (message: string | null) => (message === null ? undefined : { kind: 'draft', message });
