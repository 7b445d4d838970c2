import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { RunAccess } from '../runs/run-access.js';
import { SharesService } from './shares.service.js';
import { PeopleDto, PeopleQuery, PutShareDto, ShareDto, SharesDto } from './sharing.dto.js';
import { UsesRun } from '../runs/uses-run.decorator.js';

const RUN_ID = { name: 'run_id', description: 'The run.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' };
const NOT_FOUND = 'The run is unknown or not visible to the caller (`not_found`).';
const FOREIGN = 'The run is another’s, or the permission is missing (`forbidden`).';

@ApiTags('sharing')
@Controller()
export class SharingController {
  constructor(
    private readonly access: RunAccess,
    private readonly shares: SharesService,
  ) {}

  @Get('people')
  @Authenticated('runs:read')
  @ApiOperation({ operationId: 'findPeople', summary: 'People to share with or to mention' })
  @ApiOkResponse({ type: PeopleDto, description: 'Those whose name or address begins so.' })
  @ApiProblems({ 400: 'The query is wrong (`invalid_request`).' })
  async findPeople(@Query() { q }: PeopleQuery): Promise<PeopleDto> {
    return { people: await this.shares.people(q) };
  }

  @Get('runs/:run_id/shares')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiParam(RUN_ID)
  @ApiOperation({ operationId: 'listShares', summary: 'With whom a run is shared' })
  @ApiOkResponse({ type: SharesDto, description: 'The shares.' })
  @ApiProblems({ 404: NOT_FOUND })
  async listShares(@Param('run_id') id: string, @CurrentUser() by: Principal): Promise<SharesDto> {
    return { shares: await this.shares.list(await this.access.require(by, id, 'read')) };
  }

  @Put('runs/:run_id/shares')
  @Authenticated('runs:share')
  @UsesRun('own')
  @ApiParam(RUN_ID)
  @ApiOperation({
    operationId: 'putShare',
    summary: 'Share a run, or change for what it is shared',
    description: 'With a person or everybody. Its owner and administrators may.',
  })
  @ApiOkResponse({ type: ShareDto, description: 'The share.' })
  @ApiProblems({
    400: 'The body is wrong, or nobody has the address (`invalid_request`).',
    403: FOREIGN,
    404: NOT_FOUND,
  })
  async putShare(
    @Param('run_id') id: string,
    @Body() body: PutShareDto,
    @CurrentUser() by: Principal,
  ): Promise<ShareDto> {
    return this.shares.put(await this.access.require(by, id, 'own'), body, by);
  }

  @Delete('runs/:run_id/shares/:share_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('runs:share')
  @UsesRun('own')
  @ApiParam(RUN_ID)
  @ApiParam({ name: 'share_id', description: 'The share.', example: '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10' })
  @ApiOperation({ operationId: 'deleteShare', summary: 'Share a run no longer' })
  @ApiNoContentResponse({ description: 'It is done.' })
  @ApiProblems({
    403: FOREIGN,
    404: 'The run or share is unknown or not visible to the caller (`not_found`).',
  })
  async deleteShare(
    @Param('run_id') id: string,
    @Param('share_id') shareId: string,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.shares.remove(await this.access.require(by, id, 'own'), shareId, by);
  }
}
