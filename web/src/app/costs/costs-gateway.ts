import { inject, Injectable } from '@angular/core';
import { map, type Observable } from 'rxjs';
import { Api } from '../api/generated/api';
import { createBudget } from '../api/generated/fn/costs/create-budget';
import { deleteBudget } from '../api/generated/fn/costs/delete-budget';
import { estimateRun } from '../api/generated/fn/costs/estimate-run';
import { getCosts } from '../api/generated/fn/costs/get-costs';
import { listBudgetStops } from '../api/generated/fn/costs/list-budget-stops';
import { listBudgets } from '../api/generated/fn/costs/list-budgets';
import { listPrices } from '../api/generated/fn/costs/list-prices';
import { listUnknownCalls } from '../api/generated/fn/costs/list-unknown-calls';
import { releaseCall } from '../api/generated/fn/costs/release-call';
import { resetPrice } from '../api/generated/fn/costs/reset-price';
import { setBudget } from '../api/generated/fn/costs/set-budget';
import { setPrice } from '../api/generated/fn/costs/set-price';
import { settleCall } from '../api/generated/fn/costs/settle-call';
import type {
  BudgetStopDto,
  CostGroup,
  CostsDto,
  CreateBudgetDto,
  EstimateDto,
  OpenCallDto,
  PriceDto,
  SetBudgetDto,
  SetPriceDto,
  SettleCallDto,
  SharedBudgetDto,
} from '../api/generated/models';

export type Budget = SharedBudgetDto;
export type BudgetStop = BudgetStopDto;
export type Costs = CostsDto;
export type Estimate = EstimateDto;
export type Price = PriceDto;
export type UnknownCall = OpenCallDto;
export type NewBudget = CreateBudgetDto;
export type BudgetLimits = SetBudgetDto;
export type NewPrice = SetPriceDto;
export type { CostGroup };

/** What runs cost, may cost, and what models are priced at. */
@Injectable({ providedIn: 'root' })
export class CostsGateway {
  private readonly api = inject(Api);

  costs(by: CostGroup, from: string): Observable<Costs> {
    return this.api.invoke(getCosts, { by, from });
  }

  estimate(profile: string): Observable<Estimate> {
    return this.api.invoke(estimateRun, { body: { profile } });
  }

  budgets(): Observable<readonly Budget[]> {
    return this.api.invoke(listBudgets).pipe(map(({ budgets }) => budgets));
  }

  createBudget(budget: NewBudget): Observable<Budget> {
    return this.api.invoke(createBudget, { body: budget });
  }

  setBudget(id: string, limits: BudgetLimits): Observable<Budget> {
    return this.api.invoke(setBudget, { budget_id: id, body: limits });
  }

  removeBudget(id: string): Observable<unknown> {
    return this.api.invoke(deleteBudget, { budget_id: id });
  }

  budgetStops(): Observable<readonly BudgetStop[]> {
    return this.api.invoke(listBudgetStops).pipe(map(({ stops }) => stops));
  }

  unknownCalls(): Observable<readonly UnknownCall[]> {
    return this.api.invoke(listUnknownCalls).pipe(map(({ calls }) => calls));
  }

  settleCall(id: string, used: SettleCallDto): Observable<unknown> {
    return this.api.invoke(settleCall, { call_id: id, body: used });
  }

  releaseCall(id: string): Observable<unknown> {
    return this.api.invoke(releaseCall, { call_id: id });
  }

  prices(): Observable<readonly Price[]> {
    return this.api.invoke(listPrices).pipe(map(({ prices }) => prices));
  }

  setPrice(provider: string, model: string, price: NewPrice): Observable<Price> {
    return this.api.invoke(setPrice, { provider, model, body: price });
  }

  resetPrice(provider: string, model: string): Observable<unknown> {
    return this.api.invoke(resetPrice, { provider, model });
  }
}
