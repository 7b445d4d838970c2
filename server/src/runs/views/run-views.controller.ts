import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../auth/api-problems.decorator.js';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../auth/domain/principal.js';
import { CompareRunsQuery, RunComparisonDto } from '../dto/comparison.dto.js';
import { RunTimelineDto } from '../dto/timeline.dto.js';
import { RunAccess } from '../run-access.js';
import { UsesRun } from '../uses-run.decorator.js';
import { ComparisonService } from './comparison.service.js';
import { TimelineService } from './timeline.service.js';

/** What is derived from runs to be looked at. Before the other routes of runs: `compare` is no id. */
@ApiTags('runs')
@Controller('runs')
export class RunViewsController {
  constructor(
    private readonly access: RunAccess,
    private readonly comparison: ComparisonService,
    private readonly timeline: TimelineService,
  ) {}

  @Get('compare')
  @Authenticated('runs:read')
  @ApiOperation({
    operationId: 'compareRuns',
    summary: 'Two runs beside each other',
    description: 'Inputs, phases, verdicts, artifacts, tokens, cost and time; the newest attempts of each.',
  })
  @ApiOkResponse({ type: RunComparisonDto, description: 'The comparison.' })
  @ApiProblems({
    400: 'A query value is missing or no id (`invalid_request`).',
    404: 'One of the runs is unknown or not visible to the caller (`not_found`).',
  })
  async compareRuns(
    @Query() { a, b }: CompareRunsQuery,
    @CurrentUser() by: Principal,
  ): Promise<RunComparisonDto> {
    const left = await this.access.require(by, a, 'read');
    return this.comparison.of(left, await this.access.require(by, b, 'read'));
  }

  @Get(':run_id/timeline')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiParam({
    name: 'run_id',
    description: 'The run.',
    example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
  })
  @ApiOperation({
    operationId: 'getRunTimeline',
    summary: 'When everything in a run happened',
    description: 'Its phases with their attempts, and the steps of those; the newest 200 attempts.',
  })
  @ApiOkResponse({ type: RunTimelineDto, description: 'The timeline.' })
  @ApiProblems({ 404: 'The run is unknown or not visible to the caller (`not_found`).' })
  async getRunTimeline(@Param('run_id') id: string, @CurrentUser() by: Principal): Promise<RunTimelineDto> {
    return this.timeline.of(await this.access.require(by, id, 'read'));
  }
}
