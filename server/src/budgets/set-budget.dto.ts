import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { BudgetDto as LimitsDto } from '../runs/dto/create-run.dto.js';
import type { Limits } from './budgets.service.js';
import { BUDGET_KINDS, BUDGET_PERIODS, type BudgetKind, type BudgetPeriod } from './domain/budget.js';

/** Limits as they are asked for; absent is no limit. */
export const limitsOf = ({ max_cost_usd, max_tokens }: LimitsDto): Limits => ({
  maxCostUsd: max_cost_usd?.toFixed(10) ?? null,
  maxTokens: max_tokens ?? null,
});

export class SetBudgetDto extends LimitsDto {}

export class CreateBudgetDto extends SetBudgetDto {
  @ApiProperty({
    enum: BUDGET_KINDS,
    enumName: 'BudgetKind',
    description:
      'What counts: `month` everything, `project` and `user` the runs of a project or an owner, `phase` one phase of a profile in all runs.',
    example: 'project',
  })
  @IsIn(BUDGET_KINDS)
  kind!: BudgetKind;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Project name, id of the user, or `<profile>/<phase>`; absent for `month`.',
    example: 'payments',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  subject?: string | null;

  @ApiPropertyOptional({
    enum: BUDGET_PERIODS,
    enumName: 'BudgetPeriod',
    nullable: true,
    description: 'Whether it begins anew each calendar month (UTC); `month` always does. Default `none`.',
    example: 'month',
  })
  @IsOptional()
  @IsIn(BUDGET_PERIODS)
  period?: BudgetPeriod | null;
}
