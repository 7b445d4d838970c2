import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Res } from '@nestjs/common';
import {
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
import { RunSummaryDto } from '../runs/dto/run-summary.dto.js';
import {
  CreateScheduleDto,
  PreviewScheduleDto,
  ScheduleDetailDto,
  ScheduleDto,
  SchedulesDto,
  ScheduleTimesDto,
  UpdateScheduleDto,
} from './schedules.dto.js';
import { SchedulesService } from './schedules.service.js';

const ID = {
  name: 'schedule_id',
  description: 'The schedule.',
  example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
};
const NOT_FOUND = 'The schedule is unknown or not visible to the caller (`not_found`).';
const BAD =
  'The body, the pattern or the run is wrong (`invalid_request`, `unknown_profile`, `repository_not_allowed`, `repository_not_found`).';
const LOCATION = (what: string) => ({
  Location: { description: `Where the ${what} is.`, schema: { type: 'string' as const } },
});

@ApiTags('schedules')
@Controller('schedules')
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  @Get()
  @Authenticated('schedules:manage')
  @ApiOperation({
    operationId: 'listSchedules',
    summary: 'The schedules the caller may see',
    description: 'Members see their own, administrators all.',
  })
  @ApiOkResponse({ type: SchedulesDto, description: 'At most 1000.' })
  async listSchedules(@CurrentUser() by: Principal): Promise<SchedulesDto> {
    return { schedules: await this.schedules.list(by) };
  }

  @Post()
  @Authenticated('schedules:manage')
  @ApiOperation({
    operationId: 'createSchedule',
    summary: 'Make a schedule',
    description: 'Its runs belong to the caller. Each tick creates one run, however many processes are up.',
  })
  @ApiCreatedResponse({ type: ScheduleDto, description: 'The schedule.', headers: LOCATION('schedule') })
  @ApiProblems({ 400: BAD, 409: 'The caller has too many (`too_many_schedules`).' })
  async createSchedule(
    @Body() body: CreateScheduleDto,
    @CurrentUser() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ScheduleDto> {
    const schedule = await this.schedules.create(body, by);
    response.setHeader('Location', `/schedules/${schedule.schedule_id}`);
    return schedule;
  }

  @Post('preview')
  @HttpCode(HttpStatus.OK)
  @Authenticated('schedules:manage')
  @ApiOperation({ operationId: 'previewSchedule', summary: 'The next times of a cron pattern' })
  @ApiOkResponse({ type: ScheduleTimesDto, description: 'The times.' })
  @ApiProblems({ 400: 'The pattern or the time zone is wrong (`invalid_request`).' })
  previewSchedule(@Body() body: PreviewScheduleDto): ScheduleTimesDto {
    return { next_times: this.schedules.preview(body) };
  }

  @Get(':schedule_id')
  @Authenticated('schedules:manage')
  @ApiParam(ID)
  @ApiOperation({ operationId: 'getSchedule', summary: 'A schedule and what came of its ticks' })
  @ApiOkResponse({ type: ScheduleDetailDto, description: 'The schedule.' })
  @ApiProblems({ 404: NOT_FOUND })
  getSchedule(@Param('schedule_id') id: string, @CurrentUser() by: Principal): Promise<ScheduleDetailDto> {
    return this.schedules.detail(id, by);
  }

  @Patch(':schedule_id')
  @Authenticated('schedules:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'updateSchedule',
    summary: 'Change a schedule',
    description: 'What the body does not name stays. The next tick is counted from now.',
  })
  @ApiOkResponse({ type: ScheduleDto, description: 'The schedule.' })
  @ApiProblems({ 400: BAD, 404: NOT_FOUND })
  updateSchedule(
    @Param('schedule_id') id: string,
    @Body() body: UpdateScheduleDto,
    @CurrentUser() by: Principal,
  ): Promise<ScheduleDto> {
    return this.schedules.update(id, body, by);
  }

  @Delete(':schedule_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('schedules:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'deleteSchedule',
    summary: 'Remove a schedule',
    description: 'Its runs stay.',
  })
  @ApiNoContentResponse({ description: 'Removed.' })
  @ApiProblems({ 404: NOT_FOUND })
  async deleteSchedule(@Param('schedule_id') id: string, @CurrentUser() by: Principal): Promise<void> {
    await this.schedules.remove(id, by);
  }

  @Post(':schedule_id/run')
  @Authenticated('schedules:manage')
  @ApiParam(ID)
  @ApiOperation({
    operationId: 'runSchedule',
    summary: 'Create the run of a schedule now',
    description: 'Belongs to the caller. The ticks stay as they are.',
  })
  @ApiCreatedResponse({ type: RunSummaryDto, description: 'The run.', headers: LOCATION('run') })
  @ApiProblems({ 400: BAD, 404: NOT_FOUND })
  async runSchedule(
    @Param('schedule_id') id: string,
    @CurrentUser() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RunSummaryDto> {
    const run = await this.schedules.runNow(id, by);
    response.setHeader('Location', `/runs/${run.run_id}`);
    return run;
  }
}
