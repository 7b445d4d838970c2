import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { sendStream, setDownloadHeaders } from '../artifacts/send-content.js';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { asLines } from './audit-export.js';
import {
  AuditEntryDto,
  AuditExportQuery,
  AuditPageDto,
  AuditQuery,
  AuditVerificationDto,
} from './audit.dto.js';
import { AuditRepository } from './audit.repository.js';

const BAD = { 400: 'A query value is out of range or unknown (`invalid_request`).' };

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditRepository) {}

  @Get()
  @Authenticated('audit:read')
  @ApiOperation({
    operationId: 'listAudit',
    summary: 'Who did what, when, from where',
    description:
      'Every request that changes something, done or refused, and every secret that was given to a step.',
  })
  @ApiOkResponse({ type: AuditPageDto, description: 'A page.' })
  @ApiProblems(BAD)
  async listAudit(@Query() query: AuditQuery): Promise<AuditPageDto> {
    const entries = await this.audit.page(query, query.before ?? null, query.limit + 1);
    const shown = entries.slice(0, query.limit);
    return {
      entries: shown.map((entry) => AuditEntryDto.of(entry)),
      next_before: entries.length > shown.length ? (shown.at(-1)?.seq ?? null) : null,
    };
  }

  @Get('export')
  @Authenticated('audit:read')
  @ApiOperation({ operationId: 'exportAudit', summary: 'The same as a file' })
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ description: 'The file.', schema: { type: 'string' } })
  @ApiProblems(BAD)
  async exportAudit(@Query() query: AuditExportQuery, @Res() response: Response): Promise<void> {
    setDownloadHeaders(response, `audit.${query.format}`, 'attachment');
    response.set('Content-Type', query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
    await sendStream(Readable.from(asLines(this.audit.all(query), query.format)), response);
  }

  @Get('verify')
  @Authenticated('audit:read')
  @ApiOperation({ operationId: 'verifyAudit', summary: 'Whether the list is as it was written' })
  @ApiOkResponse({ type: AuditVerificationDto, description: 'What was found.' })
  async verifyAudit(): Promise<AuditVerificationDto> {
    const { entries, brokenAt, head } = await this.audit.verify();
    return { intact: brokenAt === null, entries, broken_at: brokenAt, head: head?.toString('hex') ?? null };
  }
}
