import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';
import { FormField } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { FieldError } from '../../shared/field-error';
import { FileDrop } from '../../shared/file-drop';
import { MarkdownView } from '../../shared/preview/markdown-view';
import type { Problem } from '../../shared/problem/problem';
import { ParameterForm } from './parameter-form';
import type { RunForm } from './run-form';

/** What a run is given beside its profile: repository, intake, parameters, name and limits. */
@Component({
  selector: 'o-run-fields',
  imports: [FieldError, FileDrop, FormField, MarkdownView, MatButton, ParameterForm],
  templateUrl: './run-fields.html',
  styleUrl: './run-fields.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunFields {
  readonly form = input.required<RunForm>();
  /** What the server said of the parameters. */
  readonly problem = input<Problem | null>(null);
  protected readonly preview = signal(false);

  protected async takeFile(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return;
    const intake = await file.text();
    this.form().draft.update((draft) => ({ ...draft, intake }));
  }
}
