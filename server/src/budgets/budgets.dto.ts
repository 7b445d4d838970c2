import { ApiProperty } from '@nestjs/swagger';
import Big from 'big.js';
import { lineOf } from './budget-accounts.js';
import type { BudgetRow } from './budgets.repository.js';
import {
  BUDGET_KINDS,
  BUDGET_PERIODS,
  percentOf,
  type BudgetKind,
  type BudgetPeriod,
} from './domain/budget.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const TIME = '2026-01-02T03:04:05.678Z';

/** What a budget has kept from happening in its present period. */
export class BudgetStopsDto {
  @ApiProperty({ type: 'integer', description: 'Runs that it made wait.', example: 1 })
  runs!: number;

  @ApiProperty({ type: 'integer', description: 'Steps that it made wait.', example: 2 })
  steps!: number;

  @ApiProperty({ type: 'integer', description: 'Model calls refused, asked again included.', example: 3 })
  refusals!: number;
}

/** A shared budget, and what it holds in its present period. */
export class SharedBudgetDto {
  @ApiProperty({ format: 'uuid', description: 'Its id.', example: ID })
  budget_id!: string;

  @ApiProperty({
    enum: BUDGET_KINDS,
    enumName: 'BudgetKind',
    description: 'What counts.',
    example: 'project',
  })
  kind!: BudgetKind;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Whose usage counts; null where everything does.',
    example: 'payments',
  })
  subject!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Name of the user for `user`; null for the others.',
    example: null,
  })
  subject_name!: string | null;

  @ApiProperty({
    enum: BUDGET_PERIODS,
    enumName: 'BudgetPeriod',
    description: 'Whether it begins anew each month.',
    example: 'month',
  })
  period!: BudgetPeriod;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The month (UTC) that the figures are of; null without periods.',
    example: '2026-01',
  })
  month!: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Limit in US dollars.', example: 50 })
  max_cost_usd!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Limit in tokens.', example: null })
  max_tokens!: number | null;

  @ApiProperty({ description: 'US dollars in the ledger.', example: 12.5 })
  spent_usd!: number;

  @ApiProperty({ type: 'integer', description: 'Input and output tokens in the ledger.', example: 900000 })
  spent_tokens!: number;

  @ApiProperty({ description: 'US dollars that open calls may cost at the most.', example: 0.5 })
  reserved_usd!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Tokens that open calls may use at the most.',
    example: 40000,
  })
  reserved_tokens!: number;

  @ApiProperty({ description: 'The part of `reserved_usd` of calls with an unknown outcome.', example: 0 })
  unknown_usd!: number;

  @ApiProperty({ type: 'integer', description: 'Calls with an unknown outcome.', example: 0 })
  unknown_calls!: number;

  @ApiProperty({ type: 'integer', description: 'Calls that count no money: no price is known.', example: 0 })
  unpriced_calls!: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'US dollars left; null without a limit.',
    example: 37,
  })
  left_usd!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Tokens left; null without a limit.',
    example: null,
  })
  left_tokens!: number | null;

  @ApiProperty({
    type: 'integer',
    description:
      'The larger share of its limits that is spent or reserved; may pass 100 by what was only reported.',
    example: 26,
  })
  percent!: number;

  @ApiProperty({ type: BudgetStopsDto, description: 'What it stopped.' })
  stopped!: BudgetStopsDto;

  @ApiProperty({ format: 'date-time', description: 'When it was made.', example: TIME })
  created_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When its limits were set.', example: TIME })
  updated_at!: string;

  static of(row: BudgetRow): SharedBudgetDto {
    const line = lineOf(row);
    const { maxTokens, tokens, reservedTokens } = line;
    return {
      ...{ budget_id: row.budget, kind: row.kind, subject: row.subject === '' ? null : row.subject },
      ...{ subject_name: row.subjectName, period: row.span, month: row.period === 'all' ? null : row.period },
      ...{ max_cost_usd: line.maxCostUsd === null ? null : Number(line.maxCostUsd), max_tokens: maxTokens },
      ...{ spent_usd: Number(line.costUsd), spent_tokens: tokens },
      ...{ reserved_usd: Number(line.reservedUsd), reserved_tokens: reservedTokens },
      ...{
        unknown_usd: Number(row.unknownUsd),
        unknown_calls: row.unknownCalls,
        unpriced_calls: row.unpricedCalls,
      },
      left_usd:
        line.maxCostUsd === null
          ? null
          : Math.max(0, new Big(line.maxCostUsd).minus(line.costUsd).minus(line.reservedUsd).toNumber()),
      left_tokens: maxTokens === null ? null : Math.max(0, maxTokens - tokens - reservedTokens),
      percent: percentOf(line) ?? 0,
      stopped: { runs: row.stoppedRuns, steps: row.stoppedSteps, refusals: row.refusals },
      ...{ created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString() },
    };
  }
}

export class BudgetsDto {
  @ApiProperty({ type: [SharedBudgetDto], description: 'Everybody’s first, then by what they count.' })
  budgets!: SharedBudgetDto[];
}
