import { Body, Controller, HttpCode, HttpStatus, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { AppConfig } from '../config/app-config.js';
import { ApiProblems } from './api-problems.decorator.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { Callers } from './callers.js';
import { Authenticated, Public } from './authenticated.decorator.js';
import { ResetLinkDto, ResetPasswordDto } from './password-resets.dto.js';
import { publicOrigin } from './public-origin.js';
import { PasswordResets } from './password-resets.service.js';

@ApiTags('password-resets')
@Controller()
export class PasswordResetsController {
  constructor(
    private readonly resets: PasswordResets,
    private readonly config: AppConfig,
    private readonly callers: Callers,
  ) {}

  @Post('users/:user_id/reset-link')
  @Authenticated('users:manage')
  @ApiParam({
    name: 'user_id',
    description: 'Id of the user.',
    example: '0199d7c2-5a51-7cc1-a5a4-0d6f8f2f3c11',
  })
  @ApiOperation({
    operationId: 'makeResetLink',
    summary: 'Makes a link by which somebody sets a new password',
    description: 'Shown once; good once, for a day. Hand it over on a way that only that person reads.',
  })
  @ApiCreatedResponse({ type: ResetLinkDto, description: 'The link.' })
  @ApiProblems({
    404: 'There is no such user (`not_found`).',
    409: 'It is a service account (`service_account`).',
  })
  async makeResetLink(
    @Param('user_id') id: string,
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ResetLinkDto> {
    const { token, expiresAt } = await this.resets.make(id);
    const origin = publicOrigin(this.config, request);
    response.set('Cache-Control', 'no-store');
    // Behind the #, so that no server and no log on the way sees it.
    return { reset_url: `${origin}/orchestrator/reset#${token}`, expires_at: expiresAt.toISOString() };
  }

  @Post('auth/reset')
  @HttpCode(HttpStatus.NO_CONTENT)
  @Public()
  @ApiOperation({
    operationId: 'resetPassword',
    summary: 'Sets a new password by a link',
    description: 'Ends every sign-in of the account.',
  })
  @ApiNoContentResponse({ description: 'Set.' })
  @ApiProblems({
    400: 'The body or the password is not acceptable (`invalid_request`).',
    403: 'The link is good no more (`reset_link_invalid`), or another site sent this (`cross_site_request`).',
  })
  async resetPassword(@Body() body: ResetPasswordDto, @Req() request: AuthenticatedRequest): Promise<void> {
    await this.callers.named(request, await this.resets.use(body.token, body.new_password));
  }
}
