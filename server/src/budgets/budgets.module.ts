import { Module } from '@nestjs/common';
import { AgentsModule } from '../agents/agents.module.js';
import { ModelAccount } from '../agents/model-account.js';
import { RunsModule } from '../runs/runs.module.js';
import { BudgetWatch } from './budget-watch.js';
import { BudgetsController } from './budgets.controller.js';
import { BudgetsRepository } from './budgets.repository.js';
import { BudgetsService } from './budgets.service.js';
import { ModelCallsRepository } from './model-calls.repository.js';
import { PgModelAccount } from './pg-model-account.js';
import { BudgetStopsController } from './budget-stops.controller.js';
import { BudgetStopsRepository } from './budget-stops.repository.js';

/** Limits on what runs may use together, and the account that every model call goes through. */
@Module({
  imports: [AgentsModule, RunsModule],
  controllers: [BudgetStopsController, BudgetsController],
  providers: [
    ModelCallsRepository,
    PgModelAccount,
    { provide: ModelAccount, useExisting: PgModelAccount },
    BudgetWatch,
    BudgetsRepository,
    BudgetsService,
    BudgetStopsRepository,
  ],
  exports: [ModelAccount, PgModelAccount, BudgetWatch, BudgetsService],
})
export class BudgetsModule {}
