import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiResponse,
  ApiTags,
  getSchemaPath,
  ApiExtraModels,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { principalAllows, type Principal } from '../auth/domain/principal.js';
import { ProblemDto } from '../problems/problem.dto.js';
import { RunAccess } from '../runs/run-access.js';
import { RunReaders } from '../runs/run-readers.js';
import { RunEventsDto, RunEventsQuery } from './dto/run-event.dto.js';
import { allEventsSource, parseCursor, runEventSource } from './event-sources.js';
import { LiveStreams, wantsStream } from './live-streams.js';
import { toRunEvent } from './run-event.mapper.js';
import { type SseSource, whileAllowed } from './sse-stream.js';
import { RunEventsRepository } from './run-events.repository.js';
import { RunSignals } from './run-signals.js';
import { UsesRun } from '../runs/uses-run.decorator.js';

@ApiTags('history')
@ApiExtraModels(RunEventsDto)
@Controller()
export class RunEventsController {
  constructor(
    private readonly access: RunAccess,
    private readonly readers: RunReaders,
    private readonly events: RunEventsRepository,
    private readonly signals: RunSignals,
    private readonly streams: LiveStreams,
  ) {}

  @Get('runs/:run_id/events')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiOperation({
    operationId: 'listRunEvents',
    summary: 'The history of a run, as a page or live',
    description:
      'With `Accept: text/event-stream` it streams: `id` is the sequence, and `Last-Event-ID` resumes behind it ' +
      'without a gap.',
  })
  @ApiParam({ name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  @ApiProduces('application/json', 'text/event-stream')
  @ApiOkResponse({
    description: 'The events.',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(RunEventsDto) } },
      'text/event-stream': { schema: { type: 'string' } },
    },
  })
  @ApiResponse({ status: 400, description: 'A query value is wrong.', type: ProblemDto })
  @ApiResponse({
    status: 404,
    description: 'The run is unknown or not visible to the caller.',
    type: ProblemDto,
  })
  async listRunEvents(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Query() query: RunEventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { id } = await this.access.require(principal, runId, 'read');
    if (!wantsStream(request)) {
      response.json(await this.page(id, query));
      return;
    }
    await this.streams.send(request, response, this.sourceOf(id, query, request));
  }

  @Get('events')
  @Authenticated('runs:read')
  @ApiOperation({
    operationId: 'streamEvents',
    summary: 'What happens in all runs that the caller may see, live',
    description:
      'Server-sent events `{run_id, type, seq, at, phase}`; `Last-Event-ID` resumes without a gap.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({
    description: 'The stream.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  async streamEvents(
    @CurrentUser() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const cursor = parseCursor(request.get('last-event-id')) ?? (await this.events.now());
    const seesAll = async (): Promise<boolean | null> => {
      const reader = await this.readers.now(request, 'runs:read');
      return reader === null ? null : principalAllows(reader, 'runs:read_all');
    };
    const { events, signals } = this;
    await this.streams.send(
      request,
      response,
      allEventsSource(cursor, principal.userId, seesAll, events, signals),
    );
  }

  private sourceOf(id: string, query: RunEventsQuery, request: Request): SseSource {
    const after = lastSequence(request) ?? query.after;
    const source = runEventSource(id, after, this.events, this.signals);
    return whileAllowed(source, () => this.readers.sees(request, id));
  }

  private async page(runId: string, { after, limit }: RunEventsQuery): Promise<RunEventsDto> {
    const rows = await this.events.after(runId, after, limit + 1);
    const events = rows.slice(0, limit).map(toRunEvent);
    return { events, next_after: rows.length > limit ? (events.at(-1)?.seq ?? null) : null };
  }
}

/** null where the header is absent or none of ours. */
function lastSequence(request: Request): number | null {
  const id = request.get('last-event-id') ?? '';
  return /^\d{1,9}$/u.test(id) ? Number(id) : null;
}
