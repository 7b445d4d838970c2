import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7, validate } from 'uuid';
import { UserEntity } from '../auth/user.entity.js';
import type { Principal } from '../auth/domain/principal.js';
import { DomainError, invalid, notFound } from '../problems/domain-error.js';
import { userActor } from '../runs/actor.js';
import { BudgetEntity } from './budget.entity.js';
import { BudgetsRepository, type BudgetRow } from './budgets.repository.js';
import { BudgetWatch } from './budget-watch.js';
import type { BudgetKind, BudgetPeriod } from './domain/budget.js';

export interface Limits {
  /** Decimal string; null: no limit. */
  readonly maxCostUsd: string | null;
  readonly maxTokens: number | null;
}

export interface NewBudget extends Limits {
  readonly kind: BudgetKind;
  readonly subject: string | null;
  readonly period: BudgetPeriod | null;
}

/** Sets limits on what runs may use together. */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly budgets: BudgetsRepository,
    private readonly watch: BudgetWatch,
    private readonly dataSource: DataSource,
  ) {}

  list(userId: string | null): Promise<BudgetRow[]> {
    return this.budgets.list(null, userId);
  }

  /** @throws DomainError 400 where subject or limits do not fit, 409 `budget_exists` */
  async create(asked: NewBudget, by: Principal): Promise<BudgetRow> {
    assertLimited(asked);
    const subject = await this.subjectOf(asked);
    const now = new Date();
    const budget: BudgetEntity = {
      ...{ id: v7(), kind: asked.kind, subject, period: periodOf(asked) },
      ...{ maxCostUsd: asked.maxCostUsd, maxTokens: asked.maxTokens },
      ...{ createdAt: now, createdBy: by.userId, updatedAt: now, updatedBy: by.userId },
    };
    const made = await this.budgets.alone((tx) => this.budgets.insert(tx, budget));
    if (!made) throw exists();
    return this.read(budget.id);
  }

  /** Sets other limits. Runs that waited go on where they may. @throws DomainError 400, 404 */
  async change(id: string, limits: Limits, by: Principal): Promise<BudgetRow> {
    assertLimited(limits);
    await this.budgets.alone(async (tx) => {
      const budget = validate(id) ? await this.budgets.find(tx, id) : null;
      if (budget === null) throw notFound('Budget', id);
      const { maxCostUsd, maxTokens } = limits;
      await this.budgets.save(tx, {
        ...budget,
        ...{ maxCostUsd, maxTokens, updatedAt: new Date(), updatedBy: by.userId },
      });
    });
    await this.watch.letGoOn(userActor(by));
    return this.read(id);
  }

  /** Removes a limit. What was reserved in it stays reserved in the others. @throws DomainError 404 */
  async remove(id: string, by: Principal): Promise<void> {
    const removed = validate(id) && (await this.budgets.alone((tx) => this.budgets.remove(tx, id)));
    if (!removed) throw notFound('Budget', id);
    await this.watch.letGoOn(userActor(by));
  }

  private async read(id: string): Promise<BudgetRow> {
    const [budget] = await this.budgets.list(id, null);
    if (budget === undefined) throw notFound('Budget', id);
    return budget;
  }

  private async subjectOf({ kind, subject }: NewBudget): Promise<string> {
    if (kind === 'month') {
      if (subject !== null) throw field('subject', 'must be absent: a month budget counts everything');
      return '';
    }
    if (subject === null) throw field('subject', `must name the ${kind}`);
    if (kind === 'phase' && !/^[a-z][a-z0-9_]*\/[a-z][a-z0-9_]*$/u.test(subject)) {
      throw field('subject', 'must be <profile>/<phase>');
    }
    if (kind !== 'user') return subject;
    const known = validate(subject) && (await this.dataSource.manager.existsBy(UserEntity, { id: subject }));
    if (!known) throw field('subject', 'must be the id of a user');
    return subject;
  }
}

function periodOf({ kind, period }: NewBudget): BudgetPeriod {
  if (kind !== 'month') return period ?? 'none';
  if (period === 'none') throw field('period', 'must be month for the budget of everybody');
  return 'month';
}

function assertLimited({ maxCostUsd, maxTokens }: Limits): void {
  if (maxCostUsd === null && maxTokens === null) {
    throw field('max_cost_usd', 'or max_tokens must be given: a budget without a limit limits nothing');
  }
}

const field = (name: string, message: string): DomainError =>
  invalid(`The budget is not valid: ${name} ${message}.`, [{ pointer: `/${name}`, message }]);

const exists = (): DomainError =>
  new DomainError(409, 'budget_exists', 'There is a budget for this already; change its limits instead.');
