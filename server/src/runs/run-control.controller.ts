import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { ControlService } from './control.service.js';
import { DeliveryService } from './delivery.service.js';
import { CompleteStepDto, ReasonDto, RollbackDto } from './dto/advance.dto.js';
import { BudgetDto } from './dto/create-run.dto.js';
import { RunSummaryDto } from './dto/run-summary.dto.js';
import { RunAccess } from './run-access.js';
import type { RunEntity } from './run.entity.js';
import { RunsService } from './runs.service.js';
import { UsesRun } from './uses-run.decorator.js';

const RUN_ID = { name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' };
const PHASE = { name: 'phase', description: 'Name of the phase.', example: 'qa' };
const OK = { type: RunSummaryDto, description: 'The run as it is now.' };
const NOT_FOUND = 'The run, phase or step is unknown or not visible to the caller (`not_found`).';
const BAD = 'The body is wrong (`invalid_request`).';

@ApiTags('run control')
@ApiParam(RUN_ID)
@Controller('runs/:run_id')
export class RunControlController {
  constructor(
    private readonly access: RunAccess,
    private readonly runs: RunsService,
    private readonly control: ControlService,
    private readonly deliveries: DeliveryService,
  ) {}

  @Post('pause')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiOperation({
    operationId: 'pauseRun',
    summary: 'Pause a run',
    description: 'What runs ends; nothing else starts.',
  })
  @ApiOkResponse(OK)
  @ApiProblems({ 404: NOT_FOUND, 409: 'The run does not run (`run_paused`, `run_finished`).' })
  pauseRun(@Param('run_id') id: string, @CurrentUser() by: Principal): Promise<RunSummaryDto> {
    return this.doing(id, by, (run) => this.control.pause(run, by));
  }

  @Post('resume')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiOperation({ operationId: 'resumeRun', summary: 'Resume a paused run' })
  @ApiOkResponse(OK)
  @ApiProblems({ 404: NOT_FOUND, 409: 'The run is not paused (`run_not_paused`, `run_finished`).' })
  resumeRun(@Param('run_id') id: string, @CurrentUser() by: Principal): Promise<RunSummaryDto> {
    return this.doing(id, by, (run) => this.control.resume(run, by));
  }

  @Post('cancel')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiBody({ type: ReasonDto, required: false })
  @ApiOperation({
    operationId: 'cancelRun',
    summary: 'Cancel a run for good',
    description: 'What runs is ended; what it had produced is kept.',
  })
  @ApiOkResponse(OK)
  @ApiProblems({ 400: BAD, 404: NOT_FOUND, 409: 'The run has ended (`run_finished`).' })
  cancelRun(
    @Param('run_id') id: string,
    @Body() body: ReasonDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    return this.doing(id, by, (run) => this.control.cancel(run, body.reason ?? null, by));
  }

  @Post('budget')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiOperation({
    operationId: 'setRunBudget',
    summary: 'Change the budget of a run',
    description:
      'A limit that is null or absent is lifted. An automatic run that waited on its budget goes on.',
  })
  @ApiOkResponse(OK)
  @ApiProblems({ 400: BAD, 404: NOT_FOUND, 409: 'The run has ended (`run_finished`).' })
  setRunBudget(
    @Param('run_id') id: string,
    @Body() body: BudgetDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    const limits = { maxCostUsd: body.max_cost_usd?.toFixed(10) ?? null, maxTokens: body.max_tokens ?? null };
    return this.doing(id, by, (run) => this.control.setBudget(run, limits, by));
  }

  @Post('rollback')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiOperation({
    operationId: 'rollBackRun',
    summary: 'Return to the state after a phase',
    description: 'Later attempts stay readable, marked superseded.',
  })
  @ApiOkResponse(OK)
  @ApiProblems({
    400: BAD,
    404: NOT_FOUND,
    409: 'The phase is not completed (`phase_not_completed`), or the run was cancelled (`run_finished`).',
  })
  rollBackRun(
    @Param('run_id') id: string,
    @Body() body: RollbackDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    return this.doing(id, by, (run) => this.control.rollback(run, body.phase, by));
  }

  @Post('phases/:phase/skip')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiParam(PHASE)
  @ApiBody({ type: ReasonDto, required: false })
  @ApiOperation({ operationId: 'skipPhase', summary: 'Skip an optional phase' })
  @ApiOkResponse(OK)
  @ApiProblems({
    400: BAD,
    404: NOT_FOUND,
    409: '`phase_not_optional`, `phase_not_pending`, `run_paused`, `run_finished`.',
  })
  skipPhase(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @Body() body: ReasonDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    return this.doing(id, by, (run) => this.control.skip(run, phase, body.reason ?? null, by));
  }

  @Post('phases/:phase/steps/:step/complete')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiParam(PHASE)
  @ApiParam({ name: 'step', description: 'Id of the step in the profile.', example: 'plan' })
  @ApiBody({ type: CompleteStepDto, required: false })
  @ApiOperation({
    operationId: 'completeStep',
    summary: 'Complete a step that was done by hand',
    description: 'For steps that wait for an agent or a worker; upload what they are to deliver first.',
  })
  @ApiOkResponse(OK)
  @ApiProblems({ 400: BAD, 404: NOT_FOUND, 409: '`step_not_waiting`, `deliverables_missing`, `run_paused`.' })
  completeStep(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @Param('step') step: string,
    @Body() body: CompleteStepDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    return this.doing(id, by, (run) => this.deliveries.complete(run, phase, step, body, by));
  }

  private async doing(
    id: string,
    by: Principal,
    work: (run: RunEntity) => Promise<void>,
  ): Promise<RunSummaryDto> {
    const run = await this.access.require(by, id, 'operate');
    await work(run);
    return this.runs.summary(run.id);
  }
}
