import { Body, Controller, Get, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { TemplatesService } from '../templates/templates.service.js';
import { AdvanceService } from './advance.service.js';
import { CallerGone } from './caller-gone.decorator.js';
import { sendConditional } from './conditional.js';
import { AdvanceRunDto, AdvanceRunResponseDto } from './dto/advance.dto.js';
import { CreateRunDto } from './dto/create-run.dto.js';
import { ListRunsQuery } from './dto/list-runs.query.js';
import { RunMetricsDto } from './dto/metrics.dto.js';
import { RunDetailDto } from './dto/run-detail.dto.js';
import { RunListDto, RunSummaryDto } from './dto/run-summary.dto.js';
import { accessLevel } from './domain/run-uses.js';
import { readMetadataFilters } from './metadata-filters.js';
import { MetricsService } from './metrics.service.js';
import { readPrefer } from './prefer.js';
import { RunAccess } from './run-access.js';
import { RunListService } from './run-list.service.js';
import { RunsService } from './runs.service.js';
import { UsesRun } from './uses-run.decorator.js';

const RUN_ID = { name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' };
const NOT_FOUND = 'The run is unknown or not visible to the caller (`not_found`).';

const PREFER = {
  name: 'Prefer',
  required: false,
  description: '`wait=N` seconds (0–60, default 30) or `respond-async` (RFC 7240).',
};
const STILL_EXECUTING = {
  status: HttpStatus.ACCEPTED,
  type: AdvanceRunResponseDto,
  description: 'The phase still executes, or awaits an approval.',
  headers: { Location: { description: 'Where the run is.', schema: { type: 'string' as const } } },
};

@ApiTags('runs')
@Controller('runs')
export class RunsController {
  constructor(
    private readonly access: RunAccess,
    private readonly runs: RunsService,
    private readonly templates: TemplatesService,
    private readonly list: RunListService,
    private readonly advance: AdvanceService,
    private readonly metrics: MetricsService,
  ) {}

  @Post()
  @Authenticated('runs:create')
  @ApiOperation({
    operationId: 'createRun',
    summary: 'Create a run',
    description: 'A run with `auto_advance` starts at once; others wait for `next`.',
  })
  @ApiCreatedResponse({
    type: RunSummaryDto,
    description: 'The run.',
    headers: { Location: { description: 'Where the run is.', schema: { type: 'string' } } },
  })
  @ApiProblems({
    400: 'The body is wrong (`invalid_request`), the profile is unknown (`unknown_profile`), or the repository may not be used (`repository_not_allowed`, `repository_not_found`); `errors[]` has pointers.',
    413: 'The body is too large (`too_large`).',
    422: 'The Idempotency-Key was used with another body (`idempotency_key_reused`).',
  })
  async createRun(
    @Body() body: CreateRunDto,
    @CurrentUser() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RunSummaryDto> {
    const run = await this.runs.create(await this.templates.fillIn(body), by);
    response.setHeader('Location', `/runs/${run.run_id}`);
    return run;
  }

  @Get()
  @Authenticated('runs:read')
  @ApiOperation({
    operationId: 'listRuns',
    summary: 'The runs the caller may see',
    description: 'Members see their own, administrators all. `metadata.KEY=value` filters by metadata.',
  })
  @ApiQuery({
    name: 'metadata.KEY',
    required: false,
    type: String,
    description: 'Runs whose metadata has this value under KEY.',
  })
  @ApiOkResponse({ type: RunListDto, description: 'A page of runs.' })
  @ApiProblems({ 400: 'A query value is out of range or unknown (`invalid_request`).' })
  listRuns(
    @Query() query: ListRunsQuery,
    @Req() request: Request,
    @CurrentUser() by: Principal,
    @CallerGone() gone: AbortSignal,
  ): Promise<RunListDto> {
    return this.list.page(query, readMetadataFilters(request.query), by, gone);
  }

  @Get(':run_id')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiParam(RUN_ID)
  @ApiOperation({
    operationId: 'getRun',
    summary: 'A run with every phase',
    description: 'Has an ETag; `If-None-Match` answers 304.',
  })
  @ApiOkResponse({ type: RunDetailDto, description: 'The run.' })
  @ApiResponse({ status: HttpStatus.NOT_MODIFIED, description: 'The caller has this state already.' })
  @ApiProblems({ 404: NOT_FOUND })
  async getRun(
    @Param('run_id') id: string,
    @CurrentUser() by: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.access.require(by, id, 'read');
    const body = await this.runs.detail(run, accessLevel(await this.access.relation(by, run)));
    sendConditional(request, response, body, [body]);
  }

  @Post(':run_id/next')
  @Authenticated('runs:operate')
  @UsesRun('operate')
  @ApiParam(RUN_ID)
  @ApiHeader(PREFER)
  @ApiBody({ type: AdvanceRunDto, required: false })
  @ApiOperation({
    operationId: 'advanceRun',
    summary: 'Execute the current phase and advance',
    description: 'The work goes on whether or not the caller stays connected.',
  })
  @ApiOkResponse({ type: AdvanceRunResponseDto, description: 'The phase was executed and the run advanced.' })
  @ApiResponse(STILL_EXECUTING)
  @ApiProblems({
    400: 'The body is wrong (`invalid_request`).',
    404: NOT_FOUND,
    409: 'Nothing was executed: `phase_in_progress`, `run_paused`, `run_finished`, `approval_required`. Or it was, and the state is saved: `governance_blocked` with `gates[]`, `phase_failed` with `failure`, `budget_exceeded`.',
    422: 'The Idempotency-Key was used with another body (`idempotency_key_reused`).',
  })
  async advanceRun(
    @Param('run_id') id: string,
    @Body() body: AdvanceRunDto,
    @CurrentUser() by: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AdvanceRunResponseDto> {
    const run = await this.access.require(by, id, 'operate');
    const wait = readPrefer(request.header('prefer'));
    if (wait.applied !== null) response.setHeader('Preference-Applied', wait.applied);
    const answer = await this.advance.next(run, body, by, wait.ms);
    response.status(answer.kind === 'advanced' ? HttpStatus.OK : HttpStatus.ACCEPTED);
    if (answer.kind === 'executing') response.setHeader('Location', `/runs/${id}`);
    return answer.body;
  }

  @Get(':run_id/metrics')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiParam(RUN_ID)
  @ApiOperation({
    operationId: 'getRunMetrics',
    summary: 'What a run cost and came to',
    description: 'Sums of what was recorded, all attempts included.',
  })
  @ApiOkResponse({ type: RunMetricsDto, description: 'The metrics.' })
  @ApiResponse({ status: HttpStatus.NOT_MODIFIED, description: 'The caller has this state already.' })
  @ApiProblems({ 404: NOT_FOUND })
  async getRunMetrics(
    @Param('run_id') id: string,
    @CurrentUser() by: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.access.require(by, id, 'read');
    const body = await this.metrics.of(run);
    sendConditional(request, response, body, [body]);
  }
}
