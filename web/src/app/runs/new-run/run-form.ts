import { computed, type Signal, type WritableSignal } from '@angular/core';
import { type FieldTree, form, maxLength, required, validate } from '@angular/forms/signals';
import type { ProfileSummary } from '../../profiles/profiles-gateway';
import { parameterError, parameterFields } from './parameter-fields';
import { limitError, type ParameterValues, repositoryError, type RunDraft, toRequest } from './run-draft';

const INTAKE_LIMIT = 200_000;

/** What a run is to be made with, as it is typed, and whether it fits its profile. Made in an injection context. */
export class RunForm {
  /** The profile that the draft names; undefined where there is none. */
  readonly chosen = computed(() => this.profiles()?.find(({ name }) => name === this.draft().profile));
  readonly need = computed(() => this.chosen()?.repository ?? 'none');
  readonly fields: FieldTree<RunDraft>;
  readonly parameterFields = computed(() => parameterFields(this.chosen()?.parameters ?? null));
  private readonly given = computed(() => {
    const known = new Set(this.parameterFields().map(({ name }) => name));
    return Object.fromEntries(Object.entries(this.parameters()).filter(([name]) => known.has(name)));
  });
  readonly parametersFit = computed(() =>
    this.parameterFields().every((field) => parameterError(field, this.given()[field.name]) === null),
  );
  readonly ready = computed(() => this.fields().valid() && this.parametersFit());
  readonly request = computed(() => toRequest(this.draft(), this.given(), this.need()));

  constructor(
    readonly draft: WritableSignal<RunDraft>,
    readonly parameters: WritableSignal<ParameterValues>,
    private readonly profiles: Signal<readonly ProfileSummary[] | undefined>,
  ) {
    this.fields = form(this.draft, (path) => {
      required(path.profile, { message: 'Choose a profile.' });
      maxLength(path.projectName, 200, { message: 'At most 200 characters.' });
      maxLength(path.intake, INTAKE_LIMIT, { message: 'At most 200,000 characters.' });
      validate(path.repositoryPlace, ({ value, valueOf }) => {
        const kind = valueOf(path.repositoryKind);
        const place = kind === 'upload' ? valueOf(path.uploadId) : value();
        return failed(repositoryError(kind, place, this.need()));
      });
      validate(path.maxCostUsd, ({ value }) => failed(limitError(value(), 'money')));
      validate(path.maxTokens, ({ value }) => failed(limitError(value(), 'count')));
    });
  }

  /** A profile that needs a repository is asked for one at once. */
  fitRepository(): void {
    if (this.need() === 'required' && this.draft().repositoryKind === 'none') {
      this.draft.update((draft) => ({ ...draft, repositoryKind: 'url' }));
    }
  }
}

const failed = (message: string | null) => (message === null ? undefined : { kind: 'draft', message });
