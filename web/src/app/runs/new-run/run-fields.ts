import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { FormField } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { FieldError } from '../../shared/field-error';
import { FileDrop } from '../../shared/file-drop';
import { MarkdownView } from '../../shared/preview/markdown-view';
import { type Problem, toProblem } from '../../shared/problem/problem';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { RunsGateway } from '../runs-gateway';
import { ParameterForm } from './parameter-form';
import type { RunForm } from './run-form';

/** What a run is given beside its profile: repository, intake, parameters, name and limits. */
@Component({
  selector: 'o-run-fields',
  imports: [FieldError, FileDrop, FormField, MarkdownView, MatButton, ParameterForm, ProblemBanner],
  templateUrl: './run-fields.html',
  styleUrl: './run-fields.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RunFields {
  readonly form = input.required<RunForm>();
  /** What the server said of the parameters. */
  readonly problem = input<Problem | null>(null);
  protected readonly preview = signal(false);

  private readonly runs = inject(RunsGateway);
  /** Name of the file that is on its way. */
  protected readonly uploading = signal<string | null>(null);
  protected readonly uploadProblem = signal<Problem | null>(null);

  protected async upload(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return;
    this.uploading.set(file.name);
    this.uploadProblem.set(null);
    try {
      const id = await firstValueFrom(this.runs.uploadRepository(file));
      this.form().draft.update((draft) => ({ ...draft, uploadId: id, uploadName: file.name }));
    } catch (error) {
      this.uploadProblem.set(toProblem(error));
    } finally {
      this.uploading.set(null);
    }
  }

  protected async takeFile(files: readonly File[]): Promise<void> {
    const [file] = files;
    if (file === undefined) return;
    const intake = await file.text();
    this.form().draft.update((draft) => ({ ...draft, intake }));
  }
}
