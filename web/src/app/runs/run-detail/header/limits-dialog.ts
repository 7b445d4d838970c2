import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { form, FormField, submit, validate } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { FieldError } from '../../../shared/field-error';
import { ProblemBanner } from '../../../shared/problem/problem-banner';
import { limitError } from '../../new-run/run-draft';
import { RunControl } from '../../run-control';
import type { RunDetail } from '../../run-models';

/** Changes what a run may cost; closes with true when it did. */
@Component({
  selector: 'o-limits-dialog',
  imports: [
    FieldError,
    FormField,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    ProblemBanner,
  ],
  template: `
    <h2 mat-dialog-title>Limits of this run</h2>
    <mat-dialog-content>
      <form id="limits-form" class="form" novalidate (submit)="save($event)">
        @if (error(); as problem) {
          <o-problem [error]="problem" />
        }
        <div class="field">
          <label for="limit-cost">Cost at most, $ (no limit where empty)</label>
          <input id="limit-cost" class="input" inputmode="decimal" [formField]="fields.cost" />
          <o-field-error [field]="fields.cost" />
        </div>
        <div class="field">
          <label for="limit-tokens">Tokens at most (no limit where empty)</label>
          <input id="limit-tokens" class="input" inputmode="numeric" [formField]="fields.tokens" />
          <o-field-error [field]="fields.tokens" />
        </div>
        <p class="muted small">A step that waits for its budget goes on as soon as there is room.</p>
      </form>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" (click)="dialog.close(false)">Back</button>
      <button matButton="filled" type="submit" form="limits-form" [disabled]="fields().submitting()">
        Change the limits
      </button>
    </mat-dialog-actions>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LimitsDialog {
  private readonly control = inject(RunControl);
  private readonly run = inject<RunDetail>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<LimitsDialog, boolean>>(MatDialogRef);
  protected readonly model = signal({
    cost: this.run.budget.max_cost_usd?.toString() ?? '',
    tokens: this.run.budget.max_tokens?.toString() ?? '',
  });
  protected readonly fields = form(this.model, (path) => {
    validate(path.cost, ({ value }) => failed(limitError(value(), 'money')));
    validate(path.tokens, ({ value }) => failed(limitError(value(), 'count')));
  });
  protected readonly error = signal<unknown>(null);

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      const { cost, tokens } = this.model();
      const limits = { max_cost_usd: numberOf(cost), max_tokens: numberOf(tokens) };
      this.error.set(null);
      try {
        await firstValueFrom(this.control.setLimits(this.run.run_id, limits), { defaultValue: null });
        this.dialog.close(true);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));
const failed = (message: string | null) => (message === null ? undefined : { kind: 'limit', message });
