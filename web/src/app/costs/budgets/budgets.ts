import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom, type Observable } from 'rxjs';
import { Session } from '../../auth/session';
import { Questions } from '../../shared/dialogs/questions';
import { EmptyState } from '../../shared/empty-state/empty-state';
import { CountPipe } from '../../shared/format/count';
import { MoneyPipe } from '../../shared/format/money';
import { keepLast } from '../../shared/keep-last';
import { ProblemBanner } from '../../shared/problem/problem-banner';
import { type Budget, CostsGateway } from '../costs-gateway';
import { BudgetDialog } from './budget-dialog';
import { BudgetStops } from './budget-stops';
import { stoppedWords, subjectWords, usedWords } from './budget-words';
import { UnknownCalls } from './unknown-calls';

/** Shared budgets: what they hold, what they stopped, and calls whose outcome is unknown. */
@Component({
  selector: 'o-budgets',
  imports: [BudgetStops, CountPipe, EmptyState, MatButton, MoneyPipe, ProblemBanner, UnknownCalls],
  templateUrl: './budgets.html',
  styleUrl: './budgets.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Budgets {
  private readonly gateway = inject(CostsGateway);
  private readonly questions = inject(Questions);
  private readonly dialog = inject(MatDialog);
  protected readonly mayManage = inject(Session).may('budgets:manage');
  protected readonly resource = rxResource({ stream: () => this.gateway.budgets() });
  protected readonly budgets = keepLast(this.resource);
  protected readonly error = signal<unknown>(null);
  protected readonly subject = subjectWords;
  protected readonly used = usedWords;
  protected readonly stopped = stoppedWords;

  protected async edit(budget: Budget | null): Promise<void> {
    const dialog = this.dialog.open<BudgetDialog, Budget | null, boolean>(BudgetDialog, {
      data: budget,
      width: '480px',
    });
    if ((await firstValueFrom(dialog.afterClosed())) === true) this.resource.reload();
  }

  protected async remove(budget: Budget): Promise<void> {
    const answer = await this.questions.ask({
      title: `Remove the budget of ${subjectWords(budget)}?`,
      text: 'Runs that wait for it go on. What was spent stays in the ledger.',
      label: null,
      required: false,
      confirm: 'Remove the budget',
      danger: true,
    });
    if (answer !== undefined) await this.act(this.gateway.removeBudget(budget.budget_id));
  }

  protected reload(): void {
    this.resource.reload();
  }

  private async act(work: Observable<unknown>): Promise<void> {
    this.error.set(null);
    try {
      await firstValueFrom(work, { defaultValue: null });
      this.resource.reload();
    } catch (error) {
      this.error.set(error);
    }
  }
}
