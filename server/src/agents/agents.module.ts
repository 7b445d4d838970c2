import { Module } from '@nestjs/common';
import { BudgetAccounts } from '../budgets/budget-accounts.js';
import { PriceList } from './price-list.js';
import { UsageRepository } from './usage.repository.js';

/** The usage of models and what it cost. */
@Module({
  providers: [BudgetAccounts, PriceList, UsageRepository],
  exports: [BudgetAccounts, PriceList, UsageRepository],
})
export class AgentsModule {}
