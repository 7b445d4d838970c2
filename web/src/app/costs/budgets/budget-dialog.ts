import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
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
import { limitError } from '../../runs/new-run/run-draft';
import { SettingsGateway } from '../../settings/settings-gateway';
import { FieldError } from '../../shared/field-error';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Budget, CostsGateway, type NewBudget } from '../costs-gateway';
import { subjectWords } from './budget-words';

interface Draft {
  readonly kind: NewBudget['kind'];
  readonly subject: string;
  readonly monthly: boolean;
  readonly maxCostUsd: string;
  readonly maxTokens: string;
}

const KINDS: readonly { readonly kind: NewBudget['kind']; readonly label: string }[] = [
  { kind: 'month', label: 'Everything, each month' },
  { kind: 'project', label: 'The runs of a project' },
  { kind: 'user', label: 'The runs of a person' },
  { kind: 'phase', label: 'A phase of a profile' },
];

/** Makes a shared budget, or changes the limits of one; closes with true when it did. */
@Component({
  selector: 'o-budget-dialog',
  imports: [
    FieldError,
    FormField,
    MatButton,
    MatDialogActions,
    MatDialogContent,
    MatDialogTitle,
    ProblemBanner,
  ],
  templateUrl: './budget-dialog.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BudgetDialog {
  private readonly gateway = inject(CostsGateway);
  private readonly settings = inject(SettingsGateway);
  private readonly dialog = inject<MatDialogRef<BudgetDialog, boolean>>(MatDialogRef);
  /** The budget whose limits change; null: a new one. */
  protected readonly budget = inject<Budget | null>(MAT_DIALOG_DATA);
  protected readonly kinds = KINDS;
  protected readonly name = this.budget === null ? '' : subjectWords(this.budget);
  private readonly people = rxResource({ stream: () => this.settings.users() });
  protected readonly users = keepLast(this.people);
  protected readonly model = signal<Draft>({
    kind: 'month',
    subject: '',
    monthly: false,
    maxCostUsd: this.budget?.max_cost_usd?.toString() ?? '',
    maxTokens: this.budget?.max_tokens?.toString() ?? '',
  });
  protected readonly fields = form(this.model, (path) => {
    validate(path.subject, ({ value, valueOf }) =>
      this.budget === null && valueOf(path.kind) !== 'month' && value().trim() === ''
        ? failed('Say whose usage counts.')
        : undefined,
    );
    validate(path.maxCostUsd, ({ value, valueOf }) => {
      const none = value().trim() === '' && valueOf(path.maxTokens).trim() === '';
      return failed(none ? 'Set a limit in dollars, in tokens, or both.' : limitError(value(), 'money'));
    });
    validate(path.maxTokens, ({ value }) => failed(limitError(value(), 'count')));
  });
  protected readonly error = signal<unknown>(null);

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    await submit(this.fields, async () => {
      this.error.set(null);
      try {
        await firstValueFrom(this.request());
        this.dialog.close(true);
      } catch (error) {
        this.error.set(error);
      }
      return undefined;
    });
  }

  protected dismiss(): void {
    this.dialog.close(false);
  }

  private request() {
    const { kind, subject, monthly, maxCostUsd, maxTokens } = this.model();
    const limits = { max_cost_usd: numberOf(maxCostUsd), max_tokens: numberOf(maxTokens) };
    if (this.budget !== null) return this.gateway.setBudget(this.budget.budget_id, limits);
    const scope =
      kind === 'month'
        ? { kind }
        : { kind, subject: subject.trim(), period: monthly ? ('month' as const) : ('none' as const) };
    return this.gateway.createBudget({ ...scope, ...limits });
  }
}

const numberOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));
const failed = (message: string | null) => (message === null ? undefined : { kind: 'budget', message });
