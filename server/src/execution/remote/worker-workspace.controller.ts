import { Controller, Get, Param, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { ApiProblems } from '../../auth/api-problems.decorator.js';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../auth/domain/principal.js';
import { Unlimited } from '../../auth/unlimited.decorator.js';
import { RemoteWorkspaces } from './remote-workspaces.service.js';
import { WorkspaceCommitDto } from './worker-answers.dto.js';
import { LeaseTokenDto } from './worker.dto.js';

const STEP_ID = {
  name: 'id',
  description: 'The try of the step, from the claim.',
  example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10',
};
const BUNDLE = 'application/x-git-bundle';

@ApiTags('workers')
@Controller('worker/steps/:id/workspace')
export class WorkerWorkspaceController {
  constructor(private readonly workspaces: RemoteWorkspaces) {}

  @Get()
  @Unlimited()
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiOperation({
    operationId: 'getStepWorkspace',
    summary: 'The workspace that a claimed step starts from',
    description:
      'A Git bundle whose `HEAD` is the commit to start from, which is also in the header `Workspace-Commit`. Where the ' +
      'history of the source is cut off, `Workspace-Shallow` names the commits at which it ends: they belong into ' +
      'the file `shallow` of the repository that reads the bundle.',
  })
  @ApiProduces(BUNDLE)
  @ApiOkResponse({ description: 'The bundle.', schema: { type: 'string', format: 'binary' } })
  @ApiProblems({
    400: 'The token is missing (`invalid_request`), or the repository of the run is not to be had.',
    404: 'The step is unknown or not visible to the caller (`not_found`).',
    409: '`lease_lost`, or `merge_conflict` where the steps before contradict each other.',
    413: 'The repository is too large (`repository_too_large`).',
  })
  async getStepWorkspace(
    @Param('id') id: string,
    @Query() query: LeaseTokenDto,
    @CurrentUser() by: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const { content, sizeBytes, commit, shallow } = await this.workspaces.start(by, id, query.lease_token);
    response.setHeader('Content-Type', BUNDLE);
    response.setHeader('Content-Length', sizeBytes);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Workspace-Commit', commit);
    if (shallow.length > 0) response.setHeader('Workspace-Shallow', shallow.join(' '));
    await pipeline(content, response).catch((error: unknown) => {
      // A caller who went away needs no answer.
      if (!response.destroyed) throw error;
    });
  }

  @Put()
  @Unlimited()
  @Authenticated('workers:claim')
  @ApiParam(STEP_ID)
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['lease_token', 'file'],
      properties: {
        lease_token: { type: 'string' },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  @ApiOperation({
    operationId: 'putStepWorkspace',
    summary: 'Deliver what a step leaves in its workspace',
    description:
      'A Git bundle whose `HEAD` builds on the commit that the step was given. It becomes the step’s when the step completes; the ' +
      'last one counts. A step that sends none leaves its workspace as it was.',
  })
  @ApiOkResponse({ type: WorkspaceCommitDto, description: 'It is stored.' })
  @ApiProblems({
    400: '`bundle_not_readable`, or the form is wrong (`invalid_request`).',
    404: 'The step is unknown or not visible to the caller (`not_found`).',
    409: 'The lease is lost; nothing was changed (`lease_lost`).',
    413: 'It is too large (`artifact_too_large`).',
    415: 'Neither a form nor a plain file.',
  })
  async putStepWorkspace(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() by: Principal,
  ): Promise<WorkspaceCommitDto> {
    return { commit: await this.workspaces.take(by, id, request) };
  }
}
