import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SYSTEM, type Actor } from '../runs/domain/change.js';
import { askBudgetsAgain } from '../runs/domain/control.js';
import { RunChanges } from '../runs/run-changes.js';
import { ModelCallsRepository } from './model-calls.repository.js';
import { PgModelAccount } from './pg-model-account.js';

/** Calls that are given up at a time. */
const BATCH = 100;

/** Gives up calls whose maker ended, and lets runs go on that a budget does not hold any more. */
@Injectable()
export class BudgetWatch {
  private month: string | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly changes: RunChanges,
    private readonly calls: ModelCallsRepository,
    private readonly account: PgModelAccount,
  ) {}

  /** One look, of the sweep. */
  async round(): Promise<void> {
    for (const { id } of await this.calls.abandoned(BATCH)) await this.account.giveUp(id);
    const month = new Date().toISOString().slice(0, 7);
    if (month === this.month) return;
    this.month = month;
    await this.letGoOn(SYSTEM);
  }

  /** Looks again at runs that wait for a budget: steps ask again, automatic runs go on, the others wait to be advanced. */
  async letGoOn(by: Actor): Promise<void> {
    const waiting = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM runs WHERE waiting_kind = 'budget' AND archived_at IS NULL ORDER BY created_at, id`,
    );
    for (const { id } of waiting) {
      // A run that was erased meanwhile needs nothing.
      await this.changes.change(id, by, askBudgetsAgain).catch(ignoreGone);
    }
  }
}

function ignoreGone(error: unknown): void {
  if ((error as { status?: unknown }).status !== 404) throw error;
}
