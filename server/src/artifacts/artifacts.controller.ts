import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { validate as isUuid } from 'uuid';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { notFound } from '../problems/domain-error.js';
import { ProblemDto } from '../problems/problem.dto.js';
import { RunAccess } from '../runs/run-access.js';
import { SecretsService } from '../secrets/secrets.service.js';
import { ArtifactStore } from './artifact-store.js';
import { ArtifactUploads } from './artifact-uploads.js';
import type { ArtifactEntity } from './artifact.entity.js';
import { toArtifactList, toArtifactSummary } from './artifact.mapper.js';
import { ArtifactsRepository } from './artifacts.repository.js';
import { ArtifactContentQuery, ArtifactsZipQuery, ListArtifactsQuery } from './dto/artifact-queries.dto.js';
import { ArtifactListDto, ArtifactSummaryDto } from './dto/artifact.dto.js';
import { UploadArtifactForm } from './dto/upload-artifact.dto.js';
import { sendContent, setDownloadHeaders } from './send-content.js';
import { sendMasked } from './send-masked.js';
import { UsesRun } from '../runs/uses-run.decorator.js';

const RUN_NOT_FOUND = {
  status: 404,
  description: 'The run is unknown or not visible to the caller.',
  type: ProblemDto,
};

@ApiTags('artifacts')
@ApiParam({ name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
@ApiResponse(RUN_NOT_FOUND)
@Controller('runs/:run_id')
export class ArtifactsController {
  constructor(
    private readonly access: RunAccess,
    private readonly artifacts: ArtifactsRepository,
    private readonly store: ArtifactStore,
    private readonly uploads: ArtifactUploads,
    private readonly secrets: SecretsService,
  ) {}

  @Get('artifacts')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiOperation({
    operationId: 'listArtifacts',
    summary: 'The artifacts of a run by phase',
    description: 'The newest version of each path; with `all_versions` the older ones too.',
  })
  @ApiOkResponse({ type: ArtifactListDto, description: 'The artifacts.' })
  @ApiResponse({ status: 400, description: 'A query value is wrong.', type: ProblemDto })
  async listArtifacts(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Query() query: ListArtifactsQuery,
  ): Promise<ArtifactListDto> {
    const run = await this.access.require(principal, runId, 'read');
    return toArtifactList(
      run.id,
      await this.artifacts.list(run.id, query.all_versions ? 'all_versions' : 'current'),
    );
  }

  @Post('artifacts')
  @Authenticated('artifacts:write')
  @UsesRun('operate')
  @ApiOperation({
    operationId: 'uploadArtifact',
    summary: 'Deliver a file into a phase',
    description:
      'As a form with one `file`, or as `application/octet-stream` with the same fields in the query. ' +
      'The same content again in the same attempt is no new version: it answers 200 with the version that is there.',
  })
  @ApiConsumes('multipart/form-data', 'application/octet-stream')
  @ApiBody({ type: UploadArtifactForm })
  @ApiResponse({ status: 201, description: 'A new version was recorded.', type: ArtifactSummaryDto })
  @ApiResponse({
    status: 200,
    description: 'The attempt had this content already.',
    type: ArtifactSummaryDto,
  })
  @ApiResponse({
    status: 400,
    description: 'Unknown phase or step, or a path that cannot be.',
    type: ProblemDto,
  })
  @ApiResponse({ status: 409, description: 'The run or the phase is finished.', type: ProblemDto })
  @ApiResponse({
    status: 413,
    description: 'The file is too large, or the run has too many.',
    type: ProblemDto,
  })
  @ApiResponse({ status: 415, description: 'Neither a form nor a plain file.', type: ProblemDto })
  async uploadArtifact(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ArtifactSummaryDto> {
    const { kind, artifact } = await this.uploads.receive(principal, runId, request);
    response.status(kind === 'new' ? 201 : 200).location(`/runs/${runId}/artifacts/${artifact.id}`);
    return toArtifactSummary(artifact);
  }

  @Get('artifacts.zip')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiOperation({
    operationId: 'downloadArtifacts',
    summary: 'All artifacts in one archive',
    description: 'The newest version of each path, under the name of its phase.',
  })
  @ApiProduces('application/zip')
  @ApiOkResponse({ description: 'The archive.', schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 400, description: 'A query field is wrong (`invalid_request`).', type: ProblemDto })
  async downloadArtifacts(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Query() query: ArtifactsZipQuery,
    @Res() response: Response,
  ): Promise<void> {
    const run = await this.access.require(principal, runId, 'read');
    const artifacts = await this.artifacts.list(run.id, 'current', query.phase ?? null);
    setDownloadHeaders(response, `${run.projectName}-artifacts.zip`, 'attachment');
    const { sendZip } = await import('./send-zip.js');
    await sendZip(response, artifacts, this.store);
  }

  @Get('artifacts/:artifact_id')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiOperation({ operationId: 'getArtifact', summary: 'One version of an artifact' })
  @ApiOkResponse({ type: ArtifactSummaryDto, description: 'The artifact.' })
  async getArtifact(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Param('artifact_id') artifactId: string,
  ): Promise<ArtifactSummaryDto> {
    return toArtifactSummary(await this.require(principal, runId, artifactId));
  }

  @Get('artifacts/:artifact_id/content')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiOperation({
    operationId: 'getArtifactContent',
    summary: 'The content of an artifact',
    description:
      'The ETag is the SHA-256 of the content; `Range` and `If-None-Match` are understood. Shown `inline`, a text of a ' +
      'run whose steps were given secrets comes with these masked, and then without ETag and ranges.',
  })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ description: 'The content.', schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 400, description: 'A query field is wrong (`invalid_request`).', type: ProblemDto })
  @ApiResponse({ status: 206, description: 'The range that was asked for.' })
  @ApiResponse({ status: 304, description: 'The caller has it already.' })
  @ApiResponse({ status: 416, description: 'The range lies outside of the content.', type: ProblemDto })
  async getArtifactContent(
    @CurrentUser() principal: Principal,
    @Param('run_id') runId: string,
    @Param('artifact_id') artifactId: string,
    @Query() query: ArtifactContentQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const artifact = await this.require(principal, runId, artifactId);
    if (query.disposition === 'inline') {
      const hidden = await this.secrets.givenTo(runId);
      if (hidden.length > 0) {
        await sendMasked(response, artifact, this.store, hidden);
        return;
      }
    }
    await sendContent(request, response, artifact, this.store, query.disposition);
  }

  private async require(principal: Principal, runId: string, artifactId: string): Promise<ArtifactEntity> {
    const run = await this.access.require(principal, runId, 'read');
    const artifact = isUuid(artifactId) ? await this.artifacts.find(run.id, artifactId) : null;
    if (artifact === null) throw notFound('Artifact', artifactId);
    return artifact;
  }
}
