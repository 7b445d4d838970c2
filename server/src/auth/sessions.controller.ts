import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { ApiProblems } from './api-problems.decorator.js';
import { Authenticated } from './authenticated.decorator.js';
import { SessionDto, SessionsDto } from './auth.dto.js';
import { CurrentUser } from './current-user.decorator.js';
import type { Principal } from './domain/principal.js';
import { SessionsService } from './sessions.service.js';
import { notFound } from '../problems/domain-error.js';

@ApiTags('auth')
@Controller('auth/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /** The caller's live sign-ins. */
  @Get()
  @Authenticated('own_account')
  @ApiOperation({ operationId: 'listSessions', summary: 'Lists your live sign-ins' })
  @ApiOkResponse({ type: SessionsDto })
  async listSessions(@CurrentUser() user: Principal): Promise<SessionsDto> {
    const sessions = await this.sessions.list(user.userId);
    return { sessions: sessions.map((session) => SessionDto.of(session, user.sessionId)) };
  }

  /** Ends one of the caller's sign-ins at once. */
  @Delete(':session_id')
  @HttpCode(204)
  @Authenticated('own_account')
  @ApiOperation({ operationId: 'revokeSession', summary: 'Ends one of your sign-ins' })
  @ApiParam({
    name: 'session_id',
    description: 'Id of the sign-in.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c12',
  })
  @ApiNoContentResponse({ description: 'Ended.' })
  @ApiProblems({ 404: 'You have no such live sign-in (`not_found`).' })
  async revokeSession(@Param('session_id') id: string, @CurrentUser() user: Principal): Promise<void> {
    if (!isUuid(id)) throw notFound('Session', id);
    await this.sessions.revoke(user.userId, id);
  }
}
