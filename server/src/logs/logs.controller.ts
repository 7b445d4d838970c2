import { applyDecorators, Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { create as contentDisposition } from 'content-disposition';
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { sendStream } from '../artifacts/send-content.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { LiveStreams } from '../live/live-streams.js';
import { RunSignals } from '../live/run-signals.js';
import { whileAllowed } from '../live/sse-stream.js';
import { ProblemDto } from '../problems/problem.dto.js';
import { RunAccess } from '../runs/run-access.js';
import { RunReaders } from '../runs/run-readers.js';
import type { RunEntity } from '../runs/run.entity.js';
import { LogPageDto, LogQuery } from './dto/log.dto.js';
import type { LogFilter } from './log-chunks.repository.js';
import { toLogLine } from './log-line.mapper.js';
import { LogReader } from './log-reader.js';
import { logSource } from './log-source.js';
import { logAsText } from './log-text.js';
import { UsesRun } from '../runs/uses-run.decorator.js';

const FORMATS = ['application/json', 'text/event-stream', 'text/plain'];

/** What the API document says of the route. */
const ReadLogsDocument = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'readLogs',
      summary: 'What the steps of a run printed: a page, live, or as a text file',
      description:
        '`Accept: text/event-stream` streams `{lines}` and resumes behind `Last-Event-ID`; `Accept: text/plain` ' +
        'downloads the whole log. Of a long log the beginning and the end are kept, with a mark between.',
    }),
    ApiParam({ name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' }),
    ApiProduces(...FORMATS),
    ApiOkResponse({
      description: 'The lines.',
      content: {
        'application/json': { schema: { $ref: getSchemaPath(LogPageDto) } },
        'text/event-stream': { schema: { type: 'string' } },
        'text/plain': { schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 400, description: 'A query value is wrong.', type: ProblemDto }),
    ApiResponse({
      status: 404,
      description: 'The run is unknown or not visible to the caller.',
      type: ProblemDto,
    }),
  );

@ApiTags('history')
@ApiExtraModels(LogPageDto)
@Controller('runs/:run_id/logs')
export class LogsController {
  constructor(
    private readonly access: RunAccess,
    private readonly readers: RunReaders,
    private readonly reader: LogReader,
    private readonly signals: RunSignals,
    private readonly streams: LiveStreams,
  ) {}

  @Get()
  @Authenticated('runs:read')
  @UsesRun('read')
  @ReadLogsDocument()
  async readLogs(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Query() query: LogQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.access.require(principal, runId, 'read');
    switch (request.accepts(FORMATS)) {
      case 'text/event-stream': {
        const after = lastPosition(request) ?? query.after;
        const source = logSource(run.id, filterOf(query), after, this.reader, this.signals);
        await this.streams.send(
          request,
          response,
          whileAllowed(source, () => this.readers.sees(request, run.id)),
        );
        return;
      }
      case 'text/plain':
        await this.download(run, query, response);
        return;
      default:
        response.json(await this.page(run.id, query));
    }
  }

  private async page(runId: string, query: LogQuery): Promise<LogPageDto> {
    const { lines, more } = await this.reader.page(runId, filterOf(query), query.after, query.limit);
    return { lines: lines.map(toLogLine), next_after: more ? (lines.at(-1)?.position ?? null) : null };
  }

  private async download(run: RunEntity, query: LogQuery, response: Response): Promise<void> {
    const name = [run.projectName, query.phase, query.step].filter((part) => part !== undefined).join('-');
    response.set({
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Disposition': contentDisposition(`${name}.log`),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-cache',
    });
    await sendStream(Readable.from(logAsText(run.id, filterOf(query), this.reader)), response);
  }
}

const filterOf = (query: LogQuery): LogFilter => ({
  phase: query.phase ?? null,
  step: query.step ?? null,
  attempt: query.attempt ?? null,
});

/** null where the header is absent or none of ours. */
function lastPosition(request: Request): number | null {
  const id = request.get('last-event-id') ?? '';
  const position = Number(id);
  return /^\d{1,16}$/u.test(id) && Number.isSafeInteger(position) ? position : null;
}
