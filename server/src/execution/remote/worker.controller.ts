import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { toArtifactSummary } from '../../artifacts/artifact.mapper.js';
import { ArtifactSummaryDto } from '../../artifacts/dto/artifact.dto.js';
import { ApiProblems } from '../../auth/api-problems.decorator.js';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { Unlimited } from '../../auth/unlimited.decorator.js';
import type { Principal } from '../../auth/domain/principal.js';
import { RunReaders } from '../../runs/run-readers.js';
import { ClaimPresenter } from './claim-presenter.js';
import { RemoteClaims } from './remote-claims.service.js';
import { ClaimAnswerDto, LeaseExpiryDto } from './worker-answers.dto.js';
import {
  AppendLogDto,
  ClaimDto,
  CompleteClaimDto,
  FailClaimDto,
  LeaseTokenDto,
  ReportUsageDto,
} from './worker.dto.js';
import { WorkerListDto } from './worker-list.dto.js';
import { WorkerList } from './worker-list.js';

const STEP_ID = {
  name: 'id',
  description: 'The try of the step, from the claim.',
  example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
};
const PROBLEMS = {
  400: 'The body is wrong (`invalid_request`).',
  404: 'The step is unknown or not visible to the caller (`not_found`).',
  409: 'The lease is lost; nothing was changed (`lease_lost`).',
};

@ApiTags('workers')
@Controller()
export class WorkerController {
  constructor(
    private readonly claims: RemoteClaims,
    private readonly presenter: ClaimPresenter,
    private readonly readers: RunReaders,
    private readonly workers: WorkerList,
  ) {}

  @Get('workers')
  @Authenticated('runs:read')
  @ApiOperation({
    operationId: 'listWorkers',
    summary: 'Workers, their last sign of life and what they hold',
  })
  @ApiOkResponse({ type: WorkerListDto, description: 'The workers of the last day.' })
  listWorkers(@CurrentUser() by: Principal): Promise<WorkerListDto> {
    return this.workers.list(by);
  }

  @Post('worker/claim')
  @HttpCode(HttpStatus.OK)
  @Authenticated('workers:claim')
  @ApiOperation({
    operationId: 'claimStep',
    summary: 'Claim a step',
    description: 'Waits for one; 204 when none came.',
  })
  @ApiOkResponse({ type: ClaimAnswerDto, description: 'The step, with its lease.' })
  @ApiNoContentResponse({ description: 'No step fits within the wait.' })
  @ApiProblems({ 400: PROBLEMS[400] })
  async claimStep(
    @Body() body: ClaimDto,
    @CurrentUser() by: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ClaimAnswerDto | undefined> {
    const still = (): Promise<Principal | null> =>
      response.destroyed ? Promise.resolve(null) : this.readers.now(request, 'workers:claim');
    const claimed = await this.claims.claim(by, body, still);
    if (claimed !== null) return this.presenter.present(claimed);
    response.status(HttpStatus.NO_CONTENT);
    return undefined;
  }

  @Post('worker/steps/:id/heartbeat')
  @Unlimited()
  @HttpCode(HttpStatus.OK)
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiOperation({ operationId: 'heartbeatStep', summary: 'Prolong the lease' })
  @ApiOkResponse({ type: LeaseExpiryDto, description: 'The lease goes on.' })
  @ApiProblems(PROBLEMS)
  async heartbeatStep(
    @Param('id') id: string,
    @Body() body: LeaseTokenDto,
    @CurrentUser() by: Principal,
  ): Promise<LeaseExpiryDto> {
    const expiry = await this.claims.heartbeat(by, id, body.lease_token);
    return { expires_at: expiry.toISOString() };
  }

  @Post('worker/steps/:id/logs')
  @Unlimited()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiOperation({ operationId: 'appendStepLog', summary: 'Append lines to the log' })
  @ApiNoContentResponse({ description: 'They are stored.' })
  @ApiProblems(PROBLEMS)
  async appendStepLog(
    @Param('id') id: string,
    @Body() body: AppendLogDto,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.claims.appendLog(by, id, body);
  }

  @Post('worker/steps/:id/artifacts')
  @Unlimited()
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['lease_token', 'path', 'file'],
      properties: {
        lease_token: { type: 'string' },
        path: { type: 'string' },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  @ApiOperation({ operationId: 'putStepArtifact', summary: 'Deliver an artifact' })
  @ApiCreatedResponse({ type: ArtifactSummaryDto, description: 'It is stored.' })
  @ApiProblems({
    ...PROBLEMS,
    413: 'It is too large (`artifact_too_large`) or one too many (`too_many_artifacts`).',
    415: 'Neither a form nor a plain file.',
  })
  async putStepArtifact(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() by: Principal,
  ): Promise<ArtifactSummaryDto> {
    return toArtifactSummary(await this.claims.addArtifact(by, id, request));
  }

  @Post('worker/steps/:id/usage')
  @Unlimited()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiOperation({
    operationId: 'reportStepUsage',
    summary: 'Report model calls as they are made',
    description: 'Booked at once, also where the step fails later; not to be reported again on completion.',
  })
  @ApiNoContentResponse({ description: 'They are in the ledger.' })
  @ApiProblems(PROBLEMS)
  async reportStepUsage(
    @Param('id') id: string,
    @Body() body: ReportUsageDto,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.claims.reportUsage(by, id, body);
  }

  @Post('worker/steps/:id/complete')
  @Unlimited()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiOperation({ operationId: 'completeClaim', summary: 'Say that the step succeeded' })
  @ApiNoContentResponse({ description: 'It is recorded.' })
  @ApiProblems({ ...PROBLEMS, 409: '`lease_lost`, or `deliverables_missing` with what is missing.' })
  async completeClaim(
    @Param('id') id: string,
    @Body() body: CompleteClaimDto,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.claims.complete(by, id, body);
  }

  @Post('worker/steps/:id/fail')
  @Unlimited()
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiOperation({ operationId: 'failClaim', summary: 'Say that the step failed' })
  @ApiNoContentResponse({ description: 'It is recorded.' })
  @ApiProblems(PROBLEMS)
  async failClaim(
    @Param('id') id: string,
    @Body() body: FailClaimDto,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.claims.fail(by, id, body);
  }
}
