import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { userActor } from './actor.js';
import { ArchiveService } from './archive.service.js';
import { BulkService } from './bulk.service.js';
import { CloneService } from './clone.service.js';
import { BulkDto, BulkResultsDto, DeleteRunQuery, InboxDto, RetryPhaseDto } from './dto/bulk.dto.js';
import { CloneRunDto } from './dto/create-run.dto.js';
import { RunSummaryDto } from './dto/run-summary.dto.js';
import { InboxService } from './inbox.service.js';
import { RetryService } from './retry.service.js';
import { RunAccess } from './run-access.js';
import { RunsService } from './runs.service.js';
import { UsesRun } from './uses-run.decorator.js';

const RUN_ID = { name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' };
const NOT_FOUND = 'The run, phase or step is unknown or not visible to the caller (`not_found`).';
const BAD = 'The body is wrong (`invalid_request`).';

@ApiTags('run control')
@Controller()
export class RunsAdminController {
  constructor(
    private readonly access: RunAccess,
    private readonly runs: RunsService,
    private readonly clones: CloneService,
    private readonly retries: RetryService,
    private readonly archives: ArchiveService,
    private readonly bulk: BulkService,
    private readonly inbox: InboxService,
  ) {}

  @Get('approvals')
  @Authenticated('runs:read')
  @ApiOperation({
    operationId: 'listApprovals',
    summary: 'What waits for people',
    description: 'Decisions, and steps that somebody has to deliver.',
  })
  @ApiOkResponse({ type: InboxDto, description: 'The inbox.' })
  async listApprovals(@CurrentUser() by: Principal): Promise<InboxDto> {
    return { items: await this.inbox.of(by) };
  }

  @Post('runs/bulk')
  @HttpCode(HttpStatus.OK)
  @Authenticated('runs:operate')
  @ApiOperation({ operationId: 'bulkRuns', summary: 'Do one thing with many runs' })
  @ApiOkResponse({ type: BulkResultsDto, description: 'A result for each run.' })
  @ApiProblems({ 400: BAD })
  async bulkRuns(@Body() body: BulkDto, @CurrentUser() by: Principal): Promise<BulkResultsDto> {
    return { results: await this.bulk.act(body.action, body.run_ids, by) };
  }

  @Post('runs/:run_id/clone')
  @Authenticated('runs:create')
  @UsesRun('read')
  @ApiParam(RUN_ID)
  @ApiBody({ type: CloneRunDto, required: false })
  @ApiOperation({
    operationId: 'cloneRun',
    summary: 'Create a run like another',
    description: 'What the body names takes the place of what the other run was created with.',
  })
  @ApiCreatedResponse({
    type: RunSummaryDto,
    description: 'The new run.',
    headers: { Location: { description: 'Where the run is.', schema: { type: 'string' } } },
  })
  @ApiProblems({ 400: BAD, 404: NOT_FOUND })
  async cloneRun(
    @Param('run_id') id: string,
    @Body() body: CloneRunDto,
    @CurrentUser() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RunSummaryDto> {
    const run = await this.clones.clone(await this.access.require(by, id, 'read'), body, by);
    response.setHeader('Location', `/runs/${run.run_id}`);
    return run;
  }

  @Post('runs/:run_id/phases/:phase/retry')
  @HttpCode(HttpStatus.OK)
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiParam(RUN_ID)
  @ApiParam({ name: 'phase', description: 'Name of the phase.', example: 'qa' })
  @ApiBody({ type: RetryPhaseDto, required: false })
  @ApiOperation({
    operationId: 'retryPhase',
    summary: 'Try a failed phase again',
    description: 'Whole, or from one step on.',
  })
  @ApiOkResponse({ type: RunSummaryDto, description: 'The run as it is now.' })
  @ApiProblems({ 400: BAD, 404: NOT_FOUND, 409: 'The phase has not failed (`phase_not_failed`).' })
  async retryPhase(
    @Param('run_id') id: string,
    @Param('phase') phase: string,
    @Body() body: RetryPhaseDto,
    @CurrentUser() by: Principal,
  ): Promise<RunSummaryDto> {
    const run = await this.access.require(by, id, 'operate');
    await this.retries.retry(run, phase, body.from_step ?? null, by);
    return this.runs.summary(run.id);
  }

  @Delete('runs/:run_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('runs:operate')
  @UsesRun('own')
  @ApiParam(RUN_ID)
  @ApiOperation({ operationId: 'deleteRun', summary: 'Archive a run, or erase it' })
  @ApiNoContentResponse({ description: 'It is done.' })
  @ApiProblems({
    400: 'A query value is wrong (`invalid_request`).',
    404: NOT_FOUND,
    409: 'The run may still execute something (`run_active`).',
  })
  async deleteRun(
    @Param('run_id') id: string,
    @Query() query: DeleteRunQuery,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    const run = await this.access.require(by, id, 'own');
    if (query.purge) await this.archives.purge(run, by);
    else await this.archives.archive(run.id, userActor(by));
  }
}
