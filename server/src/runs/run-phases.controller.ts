import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { ApprovalsService } from './approvals.service.js';
import { ApproveDto, RejectDto } from './dto/advance.dto.js';
import { PhaseAttemptsDto } from './dto/phase-attempt.dto.js';
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
@Controller('runs/:run_id/phases')
export class RunPhasesController {
  constructor(
    private readonly access: RunAccess,
    private readonly runs: RunsService,
    private readonly approvals: ApprovalsService,
  ) {}

  @Get(':phase/attempts')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiParam(PHASE)
  @ApiOperation({
    operationId: 'listPhaseAttempts',
    summary: 'Every attempt of a phase',
    description: 'Newest first, those that a rollback went back past as well.',
  })
  @ApiOkResponse({ type: PhaseAttemptsDto, description: 'The attempts.' })
  @ApiProblems({ 404: 'The run or phase is unknown or not visible to the caller (`not_found`).' })
  async listPhaseAttempts(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @CurrentUser() by: Principal,
  ): Promise<PhaseAttemptsDto> {
    const run = await this.access.require(by, id, 'read');
    return { attempts: await this.runs.attempts(run, phase) };
  }

  @Post(':phase/approve')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('decide')
  @ApiParam(PHASE)
  @ApiBody({ type: ApproveDto, required: false })
  @ApiOperation({ operationId: 'approvePhase', summary: 'Approve what a phase awaits' })
  @ApiOkResponse(OK)
  @ApiProblems({ 400: BAD, 404: NOT_FOUND, 409: '`approval_not_awaited`, `already_decided`, `run_paused`.' })
  approvePhase(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @Body() body: ApproveDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    return this.deciding(id, by, (run) =>
      this.approvals.approve(run, { phase, step: body.step ?? null }, body.comment ?? null, by),
    );
  }

  @Post(':phase/reject')
  @HttpCode(200)
  @Authenticated('runs:operate')
  @UsesRun('decide')
  @ApiParam(PHASE)
  @ApiOperation({
    operationId: 'rejectPhase',
    summary: 'Ask for changes',
    description: 'Starts a new attempt that is given the comment.',
  })
  @ApiOkResponse(OK)
  @ApiProblems({ 400: BAD, 404: NOT_FOUND, 409: '`approval_not_awaited`, `already_decided`, `run_paused`.' })
  rejectPhase(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @Body() body: RejectDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    return this.deciding(id, by, (run) =>
      this.approvals.reject(run, { phase, step: body.step ?? null }, body.comment, by),
    );
  }

  private async deciding(
    id: string,
    by: Principal,
    work: (run: RunEntity) => Promise<void>,
  ): Promise<RunSummaryDto> {
    const run = await this.access.require(by, id, 'decide');
    await work(run);
    return this.runs.summary(run.id);
  }
}
