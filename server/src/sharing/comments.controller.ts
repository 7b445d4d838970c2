import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiProblems } from '../auth/api-problems.decorator.js';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/domain/principal.js';
import { RunAccess } from '../runs/run-access.js';
import { CommentsService } from './comments.service.js';
import { CommentDto, CommentsDto, CreateCommentDto, EditCommentDto } from './sharing.dto.js';
import { UsesRun } from '../runs/uses-run.decorator.js';

const ID = '0199d1f5-3f1e-7c1e-9d0a-3b1f2e5a7c10';
const RUN_ID = { name: 'run_id', description: 'The run.', example: ID };
const COMMENT_ID = { name: 'comment_id', description: 'The comment.', example: ID };
const NOT_FOUND = 'The run or comment is unknown or not visible to the caller (`not_found`).';
const BAD = 'The body is wrong (`invalid_request`).';
const FOREIGN = 'The comment is somebody else’s, or the permission is missing (`forbidden`).';

@ApiTags('comments')
@Controller()
export class CommentsController {
  constructor(
    private readonly access: RunAccess,
    private readonly comments: CommentsService,
  ) {}

  @Get('mentions')
  @Authenticated('runs:read')
  @ApiOperation({ operationId: 'listMentions', summary: 'Comments that mention the caller' })
  @ApiOkResponse({ type: CommentsDto, description: 'Newest first, at most 100.' })
  async listMentions(@CurrentUser() by: Principal): Promise<CommentsDto> {
    return { comments: await this.comments.mentions(by) };
  }

  @Get('runs/:run_id/comments')
  @Authenticated('runs:read')
  @UsesRun('read')
  @ApiParam(RUN_ID)
  @ApiOperation({ operationId: 'listComments', summary: 'What was said about a run and its artifacts' })
  @ApiOkResponse({ type: CommentsDto, description: 'The comments.' })
  @ApiProblems({ 404: NOT_FOUND })
  async listComments(@Param('run_id') id: string, @CurrentUser() by: Principal): Promise<CommentsDto> {
    return { comments: await this.comments.list(await this.access.require(by, id, 'read')) };
  }

  @Post('runs/:run_id/comments')
  @Authenticated('comments:write')
  @UsesRun('comment')
  @ApiParam(RUN_ID)
  @ApiOperation({
    operationId: 'createComment',
    summary: 'Say something about a run or an artifact, or answer',
    description: 'Whoever sees the run may. It is told in the history and the live stream.',
  })
  @ApiCreatedResponse({ type: CommentDto, description: 'The comment.' })
  @ApiProblems({ 400: BAD, 404: NOT_FOUND })
  async createComment(
    @Param('run_id') id: string,
    @Body() body: CreateCommentDto,
    @CurrentUser() by: Principal,
  ): Promise<CommentDto> {
    return this.comments.add(await this.access.require(by, id, 'comment'), body, by);
  }

  @Patch('runs/:run_id/comments/:comment_id')
  @Authenticated('comments:write')
  @UsesRun('comment')
  @ApiParam(RUN_ID)
  @ApiParam(COMMENT_ID)
  @ApiOperation({ operationId: 'editComment', summary: 'Change one’s own comment' })
  @ApiOkResponse({ type: CommentDto, description: 'The comment.' })
  @ApiProblems({ 400: BAD, 403: FOREIGN, 404: NOT_FOUND })
  async editComment(
    @Param('run_id') id: string,
    @Param('comment_id') commentId: string,
    @Body() { body }: EditCommentDto,
    @CurrentUser() by: Principal,
  ): Promise<CommentDto> {
    return this.comments.edit(await this.access.require(by, id, 'comment'), commentId, body, by);
  }

  @Delete('runs/:run_id/comments/:comment_id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Authenticated('comments:write')
  @UsesRun('comment')
  @ApiParam(RUN_ID)
  @ApiParam(COMMENT_ID)
  @ApiOperation({
    operationId: 'deleteComment',
    summary: 'Take a comment away',
    description: 'One’s own; administrators any. Answers to it stay.',
  })
  @ApiNoContentResponse({ description: 'It is done.' })
  @ApiProblems({ 403: FOREIGN, 404: NOT_FOUND })
  async deleteComment(
    @Param('run_id') id: string,
    @Param('comment_id') commentId: string,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.comments.remove(await this.access.require(by, id, 'comment'), commentId, by);
  }
}
