import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { listedOwner, type Principal } from '../auth/domain/principal.js';
import { notFound } from '../problems/domain-error.js';
import { validate } from 'uuid';
import { userActor } from '../runs/actor.js';
import { BudgetsDto, SharedBudgetDto } from './budgets.dto.js';
import { BudgetsService } from './budgets.service.js';
import { OpenCallDto, OpenCallsDto, SettleCallDto } from './model-calls.dto.js';
import { ModelCallsRepository } from './model-calls.repository.js';
import { CreateBudgetDto, limitsOf, SetBudgetDto } from './set-budget.dto.js';
import { PgModelAccount } from './pg-model-account.js';

const EXAMPLE = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const BUDGET = { name: 'budget_id', description: 'The budget.', example: EXAMPLE };
const CALL = { name: 'call_id', description: 'The call.', example: EXAMPLE };
const UNKNOWN = 'There is no such budget (`not_found`).';
const UNKNOWN_CALL = 'There is no such call (`not_found`).';
const BAD = 'The body is wrong (`invalid_request`).';
const KNOWN = 'The outcome of the call is known, or it is still being made (`call_not_unknown`).';
const MOST_CALLS = 200;

@ApiTags('costs')
@Controller('budgets')
export class BudgetsController {
  constructor(
    private readonly budgets: BudgetsService,
    private readonly calls: ModelCallsRepository,
    private readonly account: PgModelAccount,
  ) {}

  @Get()
  @Authenticated('costs:read')
  @ApiOperation({
    operationId: 'listBudgets',
    summary: 'Shared budgets and what they hold',
    description:
      'Limits on what several runs use together; those of one run are with the run. Whoever may not read all runs sees the budgets that count their own.',
  })
  @ApiOkResponse({ type: BudgetsDto, description: 'All of them.' })
  async listBudgets(@CurrentUser() by: Principal): Promise<BudgetsDto> {
    const rows = await this.budgets.list(listedOwner(by));
    return { budgets: rows.map((row) => SharedBudgetDto.of(row)) };
  }

  @Post()
  @Authenticated('budgets:manage')
  @ApiOperation({
    operationId: 'createBudget',
    summary: 'Set a shared budget',
    description:
      'What was used before counts too. No model call is made that could pass it; runs that it stops wait until it is raised.',
  })
  @ApiCreatedResponse({ type: SharedBudgetDto, description: 'It holds from now on.' })
  @ApiProblems({ 400: BAD, 409: 'There is one for this already (`budget_exists`).' })
  async createBudget(@Body() body: CreateBudgetDto, @CurrentUser() by: Principal): Promise<SharedBudgetDto> {
    const { kind, subject = null, period = null } = body;
    return SharedBudgetDto.of(await this.budgets.create({ kind, subject, period, ...limitsOf(body) }, by));
  }

  @Put(':budget_id')
  @Authenticated('budgets:manage')
  @ApiParam(BUDGET)
  @ApiOperation({
    operationId: 'setBudget',
    summary: 'Change the limits of a shared budget',
    description:
      'A limit that is null or absent is lifted. Automatic runs that it stopped go on where they may.',
  })
  @ApiOkResponse({ type: SharedBudgetDto, description: 'It holds from now on.' })
  @ApiProblems({ 400: BAD, 404: UNKNOWN })
  async setBudget(
    @Param('budget_id') id: string,
    @Body() body: SetBudgetDto,
    @CurrentUser() by: Principal,
  ): Promise<SharedBudgetDto> {
    return SharedBudgetDto.of(await this.budgets.change(id, limitsOf(body), by));
  }

  @Delete(':budget_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('budgets:manage')
  @ApiParam(BUDGET)
  @ApiOperation({ operationId: 'deleteBudget', summary: 'Remove a shared budget' })
  @ApiNoContentResponse({ description: 'Removed; what it counted stays in the ledger.' })
  @ApiProblems({ 404: UNKNOWN })
  async deleteBudget(@Param('budget_id') id: string, @CurrentUser() by: Principal): Promise<void> {
    await this.budgets.remove(id, by);
  }

  @Get('calls')
  @Authenticated('budgets:manage')
  @ApiOperation({
    operationId: 'listUnknownCalls',
    summary: 'Model calls whose outcome is unknown',
    description:
      'Whoever made them ended before saying what they used. Their worst case stays reserved until they are settled or released here.',
  })
  @ApiOkResponse({ type: OpenCallsDto, description: 'The calls.' })
  async listUnknownCalls(): Promise<OpenCallsDto> {
    const calls = await this.calls.open(['unknown'], MOST_CALLS);
    return { calls: calls.map((call) => OpenCallDto.of(call)) };
  }

  @Post('calls/:call_id/settle')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('budgets:manage')
  @ApiParam(CALL)
  @ApiOperation({
    operationId: 'settleCall',
    summary: 'Say what an unknown call used',
    description:
      'As the provider’s own usage page tells it. It is booked with the price that it was allowed with.',
  })
  @ApiNoContentResponse({ description: 'Booked; the reservation is gone.' })
  @ApiProblems({ 400: BAD, 404: UNKNOWN_CALL, 409: KNOWN })
  async settleCall(
    @Param('call_id') id: string,
    @Body() body: SettleCallDto,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    const used = {
      inputTokens: body.input_tokens,
      outputTokens: body.output_tokens,
      cacheReadTokens: body.cache_read_tokens ?? 0,
      cacheWriteTokens: body.cache_write_tokens ?? 0,
    };
    await this.account.decide(known(id), used, userActor(by));
  }

  @Post('calls/:call_id/release')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('budgets:manage')
  @ApiParam(CALL)
  @ApiOperation({ operationId: 'releaseCall', summary: 'Say that an unknown call was never made' })
  @ApiNoContentResponse({ description: 'The reservation is gone.' })
  @ApiProblems({ 404: UNKNOWN_CALL, 409: KNOWN })
  async releaseCall(@Param('call_id') id: string, @CurrentUser() by: Principal): Promise<void> {
    await this.account.decide(known(id), null, userActor(by));
  }
}

function known(id: string): string {
  if (!validate(id)) throw notFound('Call', id);
  return id;
}
